import type { FieldNode, GraphQLFieldResolver, GraphQLOutputType } from 'graphql';
import type * as Library from 'graphql';
import { MlflowError } from '../mlflow-error.ts';
import type { Ask, Fields, RootName } from './roots.ts';
import { versionsOfRuns } from './versions-of-runs.ts';

interface Parts {
  readonly graphql: typeof Library;
  readonly ask: Ask;
  /** How many fields are selected below one. */
  readonly countBelow: (field: FieldNode) => number;
}
/** While so many are put together, others wait. */
const mostValues = 500_000;

/** What a query's fields are: those at the top are asked of the routes, one after the other, and the rest is in their answers. */
export const resolverFor = ({ graphql, ask, countBelow }: Parts): GraphQLFieldResolver<Fields | undefined, unknown> => {
  const spend = spendUpTo(mostValues);
  const inTurn = oneByOne((name: RootName, input: Fields) => {
    spend(0);
    return ask(name, input);
  });
  const experiments = new Map<string, Promise<unknown>>();
  const experimentOf = (id: string): Promise<unknown> => {
    const found = experiments.get(id) ?? ask('mlflowGetExperiment', { experiment_id: id }).then(({ experiment }) => experiment);
    experiments.set(id, found);
    return found;
  };
  const versionsOf = versionsOfRuns(ask);

  const valueOf = (source: Fields, fieldName: string): unknown => source[snake(fieldName)];
  /** A run's own fields, and what MLflow's pages want to know with it. */
  const ofRun = (run: Fields, fieldName: string): unknown => {
    const { experiment_id, run_id } = run['info'] as { experiment_id: string; run_id: string };
    if (fieldName === 'experiment') return experimentOf(experiment_id);
    return fieldName === 'modelVersions' ? versionsOf(run_id) : valueOf(run, fieldName);
  };
  const shown = (value: unknown, type: GraphQLOutputType, nodes: readonly FieldNode[]): unknown => {
    if (value === undefined || value === null) return unset(type);
    if (Array.isArray(value)) spend(value.length * nodes.reduce((sum, node) => sum + 1 + countBelow(node), 0));
    const { name } = type as { name?: string };
    if (name === 'LongString') return String(value as number | bigint);
    // NaN is a text on the wire, and nothing here.
    return name === 'Float' && typeof value !== 'number' ? null : value;
  };
  /** What an answer leaves out is the empty value of its type, as MLflow's own server has it. */
  const unset = (type: GraphQLOutputType): unknown => {
    if (graphql.isListType(type)) return [];
    if (graphql.isEnumType(type)) return null;
    const { name } = type as { name: string };
    if (graphql.isObjectType(type)) return name === 'ApiError' ? null : {};
    return { LongString: '0', Boolean: false, Float: 0 }[name] ?? '';
  };

  return (source, { input }: { input?: Fields | null }, _, { fieldName, fieldNodes, parentType, returnType }) => {
    if (source === undefined) return inTurn(fieldName as RootName, inWireNames(input ?? {}));
    const value = parentType.name === 'MlflowRunExtension' ? ofRun(source, fieldName) : valueOf(source, fieldName);
    return value instanceof Promise ? value.then((one) => shown(one, returnType, fieldNodes)) : shown(value, returnType, fieldNodes);
  };
};
const inWireNames = (input: Fields): Fields => Object.fromEntries(Object.entries(input).map(([name, value]) => [snake(name), value]));
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const spendUpTo = (most: number): ((more: number) => void) => {
  let spent = 0;
  return (more) => {
    spent += more;
    if (spent > most)
      throw new MlflowError('INVALID_PARAMETER_VALUE', `The answer would hold more than ${most} values: ask for fewer results or fields`);
  };
};
const oneByOne = <A extends readonly unknown[], T>(work: (...args: A) => Promise<T>): ((...args: A) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (...args) => {
    const next = async () => work(...args);
    const answer = last.then(next, next);
    last = answer;
    return answer;
  };
};
