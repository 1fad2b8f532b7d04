import type { Texts } from '../logged.ts';
import { type Span, type SpanValue, traceIdOf } from './trace.ts';

/** Attributes that MLflow's clients give their spans. */
export const spanKeys = {
  request: 'mlflow.traceRequestId',
  type: 'mlflow.spanType',
  inputs: 'mlflow.spanInputs',
  outputs: 'mlflow.spanOutputs',
  tokens: 'mlflow.chat.tokenUsage',
  cost: 'mlflow.llm.cost',
  model: 'mlflow.llm.model',
  provider: 'mlflow.llm.provider',
  tag: 'mlflow.traceTag.',
} as const;
const longestPreview = 1000;
const longest = { key: 250, value: 8000 };

export interface SpanFacts {
  readonly type: string;
  readonly tokens: Amounts;
  readonly cost: Amounts;
}
interface Amounts {
  readonly input: number | null;
  readonly output: number | null;
  readonly total: number | null;
}

/** What a whole trace used, as far as it is told. */
export interface TraceTokens extends Amounts {
  readonly cacheRead: number | null;
  readonly cacheCreation: number | null;
}

/** What a span is known by beside its own fields. */
export const factsOf = ({ attributes }: Pick<Span, 'attributes'>): SpanFacts => {
  const type = attributes[spanKeys.type];
  const tokens = membersOf(attributes[spanKeys.tokens]);
  const cost = membersOf(attributes[spanKeys.cost]);
  return {
    type: typeof type === 'string' && type !== '' ? unquoted(type) : 'UNKNOWN',
    tokens: amounts(count(tokens['input_tokens']), count(tokens['output_tokens']), count(tokens['total_tokens'])),
    cost: amounts(amount(cost['input_cost']), amount(cost['output_cost']), amount(cost['total_cost'])),
  };
};
/** Of a client's own words for all spans of a trace, in JSON; what is none says nothing. */
export const tokensIn = (told: string): TraceTokens => {
  const tokens = membersOf(told);
  return {
    ...amounts(count(tokens['input_tokens']), count(tokens['output_tokens']), count(tokens['total_tokens'])),
    cacheRead: count(tokens['cache_read_input_tokens']),
    cacheCreation: count(tokens['cache_creation_input_tokens']),
  };
};
const amounts = (input: number | null, output: number | null, total: number | null): Amounts => ({
  input,
  output,
  total: total ?? (input === null && output === null ? null : (input ?? 0) + (output ?? 0)),
});
/** What a sum could not hold is no amount. */
const amount = (value: unknown): number | null => (typeof value === 'number' && Math.abs(value) < 1e15 ? value : null);
const count = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) < 2 ** 40 ? value : null;
/** Clients send a map, or its JSON. */
const membersOf = (value: SpanValue | undefined): Readonly<Record<string, unknown>> => {
  const found = typeof value === 'string' ? parsed(value) : plainOf(value ?? null);
  return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {};
};
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};
/** Some clients send each attribute as JSON. */
const unquoted = (text: string): string => {
  if (!text.startsWith('"')) return text;
  const inside = parsed(text);
  return typeof inside === 'string' ? inside : text;
};

/** The value as plain JSON. */
export const plainOf = (value: SpanValue): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if ('whole' in value) return value.whole;
  if ('real' in value) return value.real;
  if ('bytes' in value) return value.bytes;
  if ('list' in value) return value.list.map(plainOf);
  return Object.fromEntries(Object.entries(value.map).map(([key, one]) => [key, plainOf(one)]));
};

/** What the first span of a trace says of the whole. */
export const saidByRoot = ({ attributes }: Pick<Span, 'attributes'>) => ({
  requestPreview: previewOf(attributes[spanKeys.inputs]),
  responsePreview: previewOf(attributes[spanKeys.outputs]),
});
const previewOf = (value: SpanValue | undefined): string | null => {
  if (value === undefined || value === null) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(plainOf(value));
  return Array.from(text.slice(0, 2 * longestPreview))
    .slice(0, longestPreview)
    .join('');
};
export const tagsByRoot = ({ attributes }: Pick<Span, 'attributes'>): Texts =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => {
      const key = name.slice(spanKeys.tag.length);
      if (!name.startsWith(spanKeys.tag) || key === '' || key.length > longest.key) return [];
      const plain = plainOf(value);
      const text = typeof plain === 'string' ? unquoted(plain) : JSON.stringify(plain);
      return text.length > longest.value ? [] : [[key, text]];
    }),
  );

/** Every span says which trace it is of, in MLflow's words: what a client says there itself is not believed. */
export const named = (span: Span): Span => ({ ...span, attributes: { ...span.attributes, [spanKeys.request]: traceIdOf(span.traceId) } });
