import type { TensorSpec } from '@boucle/contract';

/** What a field says that is no value of its column. */
export type Wrong = 'missing' | 'number' | 'whole' | 'json';
export interface Tensor {
  readonly name: string;
  readonly datatype: TensorSpec['datatype'];
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
}

/** How a column is asked for: one value of a kind, or nested lists as JSON. */
export const fieldOf = ({ datatype, shape }: TensorSpec): 'text' | 'number' | 'choice' | 'json' =>
  shape.length > 1 ? 'json' : datatype === 'BYTES' ? 'text' : datatype === 'BOOL' ? 'choice' : 'number';

/** One row for the server, of what was typed; or which fields say something else than their column takes. */
export const readRow = (
  specs: readonly TensorSpec[],
  texts: Readonly<Record<string, string>>,
): { readonly tensors: readonly Tensor[] } | { readonly wrong: Readonly<Record<string, Wrong>> } => {
  const read = specs.map((spec) => [spec, valueOf(spec, texts[spec.name] ?? '')] as const);
  const wrong = Object.fromEntries(read.flatMap(([{ name }, found]) => ('wrong' in found ? [[name, found.wrong]] : [])));
  if (Object.keys(wrong).length > 0) return { wrong };
  return {
    tensors: read.flatMap(([spec, found]) =>
      'value' in found && !(spec.optional && found.value === null) ? [tensorOf(spec, found.value)] : [],
    ),
  };
};

const valueOf = (spec: TensorSpec, text: string): { readonly value: unknown } | { readonly wrong: Wrong } => {
  const mayLack = spec.nullable === true || spec.optional === true;
  const kind = fieldOf(spec);
  // An empty text is a text; where a column may lack, it lacks.
  if (text.trim() === '' && (kind !== 'text' || mayLack)) return mayLack ? { value: null } : { wrong: 'missing' };
  switch (kind) {
    case 'text':
      return { value: text };
    case 'choice':
      return { value: text === 'true' };
    case 'number': {
      const number = Number(text.trim().replace(',', '.'));
      if (!Number.isFinite(number)) return { wrong: 'number' };
      return spec.datatype === 'INT64' && !Number.isSafeInteger(number) ? { wrong: 'whole' } : { value: number };
    }
    case 'json':
      return listIn(text);
  }
};

const listIn = (text: string): { readonly value: unknown } | { readonly wrong: Wrong } => {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? { value } : { wrong: 'json' };
  } catch {
    // Said beside the field.
    return { wrong: 'json' };
  }
};

const tensorOf = ({ name, datatype }: TensorSpec, value: unknown): Tensor => ({
  name,
  datatype,
  shape: [1, ...lengthsOf(value)],
  data: Array.isArray(value) ? value.flat(Infinity) : [value],
});
const lengthsOf = (value: unknown): number[] => (Array.isArray(value) ? [value.length, ...lengthsOf(value[0])] : []);

/** The first row of an input example, as it would be typed. */
export const exampleTexts = (specs: readonly TensorSpec[], example: unknown): Record<string, string> => {
  const columns = typeof example === 'object' && example !== null ? (example as Record<string, unknown>) : {};
  return Object.fromEntries(
    specs.flatMap(({ name }) => {
      const [value] = Array.isArray(columns[name]) ? (columns[name] as unknown[]) : [];
      return value === undefined || value === null ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
    }),
  );
};
