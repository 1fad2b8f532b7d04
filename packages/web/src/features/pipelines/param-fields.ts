import type { Plan } from '@boucle/contract';

/** How a parameter of a pipeline is asked for. */
export interface ParamField {
  readonly name: string;
  readonly kind: 'number' | 'integer' | 'boolean' | 'text' | 'choice' | 'json';
  readonly choices: readonly string[];
  /** As it stands in its field. */
  readonly value: string;
  readonly isRequired: boolean;
  readonly description: string | undefined;
}

interface Property {
  readonly type?: unknown;
  readonly enum?: unknown;
  readonly default?: unknown;
  readonly description?: unknown;
}

/** The fields of a form, from the JSON Schema of the parameters; `given` goes before the defaults. */
export const paramFields = (plan: Plan, given: Readonly<Record<string, unknown>> = {}): ParamField[] => {
  const { properties = {}, required = [] } = plan.params as { properties?: Record<string, Property>; required?: readonly string[] };
  return Object.entries(properties).map(([name, property]) => {
    const kind = kindOf(property);
    const value = Object.hasOwn(given, name) ? given[name] : property.default;
    return {
      name,
      kind,
      choices: kind === 'choice' ? (property.enum as string[]) : [],
      value: value === undefined ? '' : textOf(value, kind),
      isRequired: required.includes(name) && property.default === undefined,
      description: typeof property.description === 'string' ? property.description : undefined,
    };
  });
};

const kindOf = ({ type, enum: choices }: Property): ParamField['kind'] => {
  if (Array.isArray(choices) && choices.every((choice) => typeof choice === 'string')) return 'choice';
  if (type === 'number' || type === 'integer' || type === 'boolean') return type;
  return type === 'string' ? 'text' : 'json';
};

const textOf = (value: unknown, kind: ParamField['kind']): string =>
  typeof value === 'string' && kind !== 'json' ? value : (JSON.stringify(value) ?? '');

/** What is sent: an empty field is not said, except a text that was emptied. What is no JSON is sent as it was written: the server says what is wrong. */
export const paramValues = (fields: readonly ParamField[], written: Readonly<Record<string, string>>): Record<string, unknown> =>
  Object.fromEntries(
    fields.flatMap(({ name, kind, value: before }) => {
      const text = written[name] ?? before;
      if (text === '' && (kind !== 'text' || before === '')) return [];
      if (kind === 'text' || kind === 'choice') return [[name, text]];
      try {
        return [[name, JSON.parse(text) as unknown]];
      } catch {
        return [[name, text]];
      }
    }),
  );
