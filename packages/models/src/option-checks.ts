import { invalid } from '@boucle/contract';

/** What a row of each label weighs; `balanced` gives every label the same weight in all. */
export type ClassWeight = 'balanced' | Readonly<Record<string, number>>;

/** The ends are far beyond what makes sense, and far from where numbers overflow. */
export const strength = { least: 1e-12, most: 1e12 };
export const requireWithin = (name: string, value: number, { least, most }: typeof strength): void => {
  if (!(value >= least && value <= most))
    throw invalid(`${name} is ${value}; it must be a number from ${least} to ${most}`, 'bad_option', { name });
};

export const requireWhole = (name: string, value: number, least: number): void => {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw invalid(`${name} is ${value}; it must be a whole number from ${least}`, 'bad_option', { name });
};

/** What a row of each label weighs, by how many rows have it. */
export const weightsOfLabels = (classWeight: ClassWeight, counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> => {
  if (classWeight === 'balanced') {
    const rows = [...counts.values()].reduce((a, b) => a + b, 0);
    return new Map([...counts].map(([label, count]) => [label, rows / (counts.size * count)]));
  }
  for (const [label, weight] of Object.entries(classWeight)) {
    const name = `classWeight of ${JSON.stringify(label)}`;
    if (!counts.has(label)) throw invalid(`There is a ${name}, which no row has`, 'bad_option', { name });
    requireWithin(name, weight, strength);
  }
  return new Map([...counts.keys()].map((label) => [label, Object.hasOwn(classWeight, label) ? classWeight[label]! : 1]));
};
