import { type Message, readMessage } from '../../../src/http/mlflow/fields.ts';

/** What a field of some name may hold; the rest is found by trying. */
export type Known = Readonly<Record<string, readonly unknown[]>>;
type Input = Record<string, unknown>;

/**
 * An input that the message takes, found by asking its own readers: they look a field up by its name before they judge it. So the
 * table of routes is all there is to keep.
 */
export const properInput = (request: Message, known: Known): Input => {
  const found = fill((given) => readMessage(request, given as Input), known);
  if (found === undefined) throw new Error(`nothing is taken by ${Object.keys(request).join(', ')}: say a proper value in the ground`);
  return found;
};

class Wanted extends Error {
  readonly field: string;
  constructor(field: string) {
    super(field);
    this.field = field;
  }
}
/** Says which field is looked up that it does not have. */
const asked = (input: Input): Input =>
  new Proxy(input, {
    getOwnPropertyDescriptor: (target, key) => {
      if (!Object.hasOwn(target, key)) throw new Wanted(String(key));
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
  });

type Verdict = 'taken' | 'refused' | Wanted;
type Take = (given: unknown) => unknown;
const verdictOn = (take: Take, given: unknown): Verdict => {
  try {
    take(given);
    return 'taken';
  } catch (error) {
    return error instanceof Wanted ? error : 'refused';
  }
};

const plainValues: readonly unknown[] = ['1', 'a', 1, true];
const mostFields = 40;

/** Field by field, each with the first value that leads on. */
const fill = (take: Take, known: Known): Input | undefined => {
  const input: Input = {};
  for (let i = 0; i < mostFields; i += 1) {
    const verdict = verdictOn(take, asked(input));
    if (!(verdict instanceof Wanted)) return verdict === 'taken' ? input : undefined;
    const { field } = verdict;
    if (Object.hasOwn(input, field)) return input;
    const found = valueFor(field, (value) => take(asked({ ...input, [field]: value })), known);
    // A field that takes nothing we know of may still be left out.
    input[field] = found?.value ?? null;
  }
  return undefined;
};

const valueFor = (field: string, take: Take, known: Known): { readonly value: unknown } | undefined => {
  const plain = [...(known[field] ?? []), ...plainValues];
  const leadsOn = (value: unknown): boolean => {
    const verdict = verdictOn(take, value);
    return verdict === 'taken' || (verdict instanceof Wanted && verdict.field !== field);
  };
  for (const value of [...plain, ...plain.map((one) => [one])]) if (leadsOn(value)) return { value };
  for (const wrap of [(value: unknown) => value, (value: unknown) => [value]]) {
    const value = nested((inner) => take(wrap(inner)), known);
    if (value !== undefined) return { value: wrap(value) };
  }
  return undefined;
};

/** A message within: full once something outside of it is looked up. */
const nested = (take: Take, known: Known): Input | undefined => {
  const inner: Input = {};
  for (let i = 0; i < mostFields; i += 1) {
    let wanted: string | undefined;
    const seen = new Proxy(inner, {
      getOwnPropertyDescriptor: (target, key) => {
        if (Object.hasOwn(target, key)) return Reflect.getOwnPropertyDescriptor(target, key);
        wanted = String(key);
        throw new Wanted(wanted);
      },
    });
    const verdict = verdictOn(take, seen);
    if (wanted === undefined) return verdict === 'refused' || i === 0 ? undefined : inner;
    if (Object.hasOwn(inner, wanted)) return inner;
    const field = wanted;
    inner[field] = valueFor(field, (value) => take(asked({ ...inner, [field]: value })), known)?.value ?? null;
  }
  return undefined;
};
