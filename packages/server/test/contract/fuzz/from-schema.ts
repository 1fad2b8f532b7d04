import fc from 'fast-check';
import { hostileValue } from './hostile.ts';

/** As much of JSON Schema as the contract uses. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema | readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}
interface Around {
  readonly defs: Readonly<Record<string, Schema>>;
  readonly depth: number;
}

/** Values that the schema takes, and not only those that anybody would think of. */
export const valuesOf = (schema: object): fc.Arbitrary<unknown> => valuesIn(schema as Schema, { defs: {}, depth: 0 });

const valuesIn = (schema: Schema, around: Around): fc.Arbitrary<unknown> => {
  const inside = { defs: { ...around.defs, ...schema.$defs }, depth: around.depth + 1 };
  if (schema.$ref !== undefined) {
    const named = inside.defs[schema.$ref];
    return named && inside.depth < 8 ? valuesIn(named, inside) : fc.constant({ type: 'text' });
  }
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => valuesIn(one, inside)));
  switch (schema.type) {
    case 'object':
      return objectsOf(schema, inside);
    case 'array':
      return arraysOf(schema, inside);
    case 'string':
      return textsOf(schema);
    case 'integer': {
      const min = Math.max(schema.minimum ?? -1000, -1000);
      return fc.oneof(fc.integer({ min, max: Math.min(schema.maximum ?? Infinity, Math.max(min + 1000, 1000)) }), edgesOf(schema));
    }
    case 'number':
      return fc.oneof(
        fc.double({ noNaN: true, min: schema.minimum ?? schema.exclusiveMinimum ?? -1e308, max: schema.maximum ?? 1e308 }),
        edgesOf(schema),
      );
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return hostileValue;
  }
};

const edgesOf = ({ minimum = -Number.MAX_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER }: Schema) => fc.constantFrom(minimum, maximum);

const objectsOf = ({ properties = {}, required = [], patternProperties = {} }: Schema, around: Around): fc.Arbitrary<unknown> => {
  const [named] = Object.entries(patternProperties);
  if (named) {
    const [pattern, schema] = named;
    return fc.dictionary(textsOf({ pattern }), valuesIn(schema, around), { maxKeys: 3 });
  }
  const fields = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, valuesIn(schema, around)]));
  return fc.record(fields, { requiredKeys: required.filter((name) => name in fields) });
};

const arraysOf = ({ items = {}, minItems = 0, maxItems = 4 }: Schema, around: Around): fc.Arbitrary<unknown> =>
  Array.isArray(items)
    ? fc.tuple(...(items as readonly Schema[]).map((item) => valuesIn(item, around)))
    : fc.array(valuesIn(items as Schema, around), { minLength: minItems, maxLength: Math.min(maxItems, minItems + 3) });

const textsOf = ({ pattern, format, maxLength = 200 }: Schema): fc.Arbitrary<string> => {
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  // fast-check writes texts for patterns that look neither ahead nor back.
  if (pattern === undefined || pattern.includes('(?!'))
    return fc.oneof(fc.string({ maxLength }), fc.string({ unit: 'binary', maxLength: 20 }));
  return fc.stringMatching(new RegExp(pattern, 'u'), { maxLength });
};
