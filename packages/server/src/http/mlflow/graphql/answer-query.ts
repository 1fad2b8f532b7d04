import type { DocumentNode, GraphQLSchema } from 'graphql';
import type * as Library from 'graphql';
import type { MlflowRoute } from '../route.ts';
import { countFields, fragmentsOf, tooLarge } from './limits.ts';
import { resolverFor } from './resolve.ts';
import { type Ask, rootTypes } from './roots.ts';
import { answerTypes } from './types.ts';

export interface Query {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
}
export interface QueryAnswer {
  readonly data: unknown;
  readonly errors: readonly string[] | null;
}
const bounds = { maxSourceLength: 100_000, maxLexicalTokens: 8000, maxComments: 1000 };
/** Brackets within brackets: reading them takes room on the stack. */
const mostNested = 60;
const mostFragments = 100;
const mostErrors = 20;

/** Answers queries over what the routes are asked; the library is read when the first one comes. */
export const createQueries = (routes: readonly MlflowRoute[]) => {
  const load = async () => {
    const graphql = await import('graphql');
    return { graphql, schema: graphql.buildSchema(`${answerTypes}\n${rootTypes(routes)}`) };
  };
  let loaded: ReturnType<typeof load> | undefined;

  return async ({ query, variables, operationName }: Query, ask: Ask, messageOf: (error: unknown) => string): Promise<QueryAnswer> => {
    const { graphql, schema } = await (loaded ??= load());
    const read = readQuery(graphql, schema, query);
    if ('errors' in read) return { data: null, errors: read.errors };
    const { document } = read;
    const { data = null, errors } = await graphql.execute({
      schema,
      document,
      variableValues: variables,
      operationName,
      fieldResolver: resolverFor({ graphql, ask, countBelow: countFields(fragmentsOf(document)) }),
    });
    const messages = errors?.map(({ originalError: cause, message }) =>
      cause && !(cause instanceof graphql.GraphQLError) ? messageOf(cause) : message,
    );
    return { data, errors: messages ? messagesOf(messages) : null };
  };
};

/** The query as it can be carried out, or why it cannot. */
const readQuery = (
  graphql: typeof Library,
  schema: GraphQLSchema,
  query: string,
): { readonly document: DocumentNode } | { readonly errors: readonly string[] } => {
  try {
    if (query.length > bounds.maxSourceLength) return { errors: [`A query may have at most ${bounds.maxSourceLength} characters`] };
    if (!isFlat(graphql, query)) return { errors: [`Query exceeds maximum depth: it has more than ${mostNested} brackets within another`] };
    const document = graphql.parse(query, { ...bounds, noLocation: true });
    if (fragmentsOf(document).size > mostFragments) return { errors: [`A query may have at most ${mostFragments} fragments`] };
    const large = tooLarge(document);
    if (large !== undefined) return { errors: [large] };
    const wrong = graphql.validate(schema, document, graphql.specifiedRules, { maxErrors: mostErrors });
    return wrong.length > 0 ? { errors: messagesOf(wrong.map(({ message }) => message)) } : { document };
  } catch (error) {
    if (error instanceof graphql.GraphQLError) return { errors: messagesOf([error.message]) };
    throw error;
  }
};
const isFlat = ({ Lexer, Source, TokenKind }: typeof Library, query: string): boolean => {
  const [opening, closing] = [
    [TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L],
    [TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R],
  ].map((kinds) => new Set<string>(kinds));
  const lexer = new Lexer(new Source(query));
  let depth = 0;
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    if (opening!.has(token.kind)) depth += 1;
    if (closing!.has(token.kind)) depth -= 1;
    if (depth > mostNested) return false;
  }
  return true;
};

/** Each once: what is wrong with one item of a list is wrong with a thousand. */
const messagesOf = (messages: readonly string[]): string[] =>
  [...new Set(messages.map((message) => message.slice(0, 1000)))].slice(0, mostErrors);
