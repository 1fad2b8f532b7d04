import fc from 'fast-check';
import { hostileText, hostileValue } from './hostile.ts';

/** One change of a value that was proper: which of its places, and what is done there. */
export interface Edit {
  readonly place: number;
  readonly change: 'replace' | 'remove' | 'add' | 'double' | 'nest' | 'copy';
  readonly value: unknown;
  readonly name: string;
}

export const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({
    place: fc.nat(),
    change: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add', 'double', 'nest', 'copy'),
    value: hostileValue,
    name: hostileText,
  }),
  { minLength: 1, maxLength: 3 },
);

type Node = Record<string, unknown> | unknown[];
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** The value with the changes made, one after the other. */
export const edited = (value: unknown, changes: readonly Edit[]): unknown => {
  const root = { value: structuredClone(value) };
  for (const change of changes) make(change, root);
  return root.value;
};

const make = ({ place, change, value: given, name }: Edit, root: { value: unknown }): void => {
  const value: unknown = structuredClone(given);
  const places = [...placesOf(root)];
  const [parent, key] = places[place % places.length]!;
  const here = Reflect.get(parent, key) as unknown;
  const [from, at] = places[(place * 7 + 3) % places.length]!;
  switch (change) {
    case 'replace':
      return void define(parent, key, value);
    case 'nest':
      return void define(parent, key, { [name]: here });
    case 'copy':
      return void define(parent, key, structuredClone(Reflect.get(from, at)));
    case 'remove':
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else if (parent !== root) Reflect.deleteProperty(parent, key);
      return;
    case 'add':
      if (Array.isArray(here)) here.push(value);
      else if (isNode(here)) define(here, name, value);
      return;
    case 'double':
      if (Array.isArray(parent)) parent.push(structuredClone(here));
      else if (parent !== root) define(parent, name, structuredClone(here));
  }
};

/** Also `__proto__` becomes a property like any other. */
const define = (node: Node, key: string, value: unknown): boolean =>
  Reflect.defineProperty(node, key, { value, writable: true, enumerable: true, configurable: true });

function* placesOf(node: Node): Generator<readonly [parent: Node, key: string]> {
  for (const [key, value] of Object.entries(node)) {
    yield [node, key];
    if (isNode(value)) yield* placesOf(value);
  }
}
