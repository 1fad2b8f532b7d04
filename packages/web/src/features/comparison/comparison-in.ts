import type { ModelComparison } from '@boucle/contract';

/** The output of a pipeline that holds one, by its format. */
export const comparisonIn = (outputs: Readonly<Record<string, unknown>>): ModelComparison | undefined => {
  for (const output of Object.values(outputs)) {
    const value = (output as { value?: unknown } | null)?.value;
    if ((value as { format?: unknown } | undefined)?.format === 'boucle.comparison/1') return value as ModelComparison;
  }
  return undefined;
};
