import { binned, type Cell, type Feature, mostValues, type SliceColumns, valued } from './feature.ts';
import { textFeatures } from './text-features.ts';

/** The ways to part rows that their columns offer: categories by value, numbers by quartile, texts by what `textFeatures` finds in them. */
export const featuresOf = (columns: SliceColumns): Feature[] =>
  Object.entries(columns).flatMap(([column, cells]) => featuresOfColumn(column, cells));

const featuresOfColumn = (column: string, cells: readonly Cell[]): Feature[] => {
  const known = cells.filter((cell) => cell !== null);
  if (known.length === 0) return [];
  if (known.every((cell) => typeof cell === 'number')) return [binned(column, cells as readonly (number | null)[])];
  const texts = known.map(String);
  const distinct = new Set(texts).size;
  const isRepeated = distinct <= Math.max(1, texts.length / 10);
  const sentences = texts.filter((text) => /\S\s+\S+\s+\S/u.test(text)).length;
  if (sentences > texts.length / 2 && !isRepeated) {
    return textFeatures(
      column,
      cells.map((cell) => (cell === null ? '' : String(cell))),
    );
  }
  // Where most values differ it is a key, which parts nothing.
  return distinct <= mostValues || distinct <= texts.length / 2 ? [valued(column, cells)] : [];
};
