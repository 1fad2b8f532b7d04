import { invalid } from '@boucle/contract';

/** Far more than clients keep there; a run is read whole. */
const longest = 1_000_000;

/** JSON of a list with one more in it, or as it was where that is in it already. What is no list begins anew, for a tag can be set to anything. */
export const withItem = (json: string | undefined, item: unknown): string => {
  const items = listIn(json);
  const written = JSON.stringify(item);
  if (json !== undefined && items.some((one) => JSON.stringify(one) === written)) return json;
  const value = JSON.stringify([...items, item]);
  if (value.length > longest) throw invalid('The run has too many of these already: start another run', 'list_too_long');
  return value;
};

const listIn = (json: string | undefined): unknown[] => {
  try {
    const parsed: unknown = JSON.parse(json ?? '[]');
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
};
