import { writeFile } from 'node:fs/promises';
import { Type } from 'typebox';
import { withDefault } from '../param.ts';
import { file, many, value } from '../port.ts';
import { defineStep } from '../step.ts';
import { Comparison, Curve, Measure } from './comparison/ports.ts';
import { predictions } from './report.ts';
import { labelledTexts, readLabelledTexts } from './rows.ts';
import { SettingsOf } from './search-outcome.ts';

/** Puts what was measured of several approaches side by side, as data for the UI and as a page. Each list holds one thing for each name, in the order of the names. */
export const compareApproaches = defineStep(import.meta, 'compare-approaches', {
  inputs: {
    /** The rows that all are reported on. */
    test: labelledTexts,
    /** What each said of the validation rows, by which the best is chosen, and of the test rows. */
    validated: many(predictions),
    tested: many(predictions),
    settings: many(value(SettingsOf)),
    curves: many(value(Curve)),
    measures: many(value(Measure)),
  },
  params: {
    names: Type.Array(Type.String(), { minItems: 2 }),
    by: Type.String(),
    of: withDefault(Type.String(), ''),
    /** What one busy CPU draws, and what an hour of it costs: stated, not measured. */
    wattsPerCpu: withDefault(Type.Number({ exclusiveMinimum: 0 }), 10),
    pricePerCpuHour: withDefault(Type.Number({ exclusiveMinimum: 0 }), 0.04),
    currency: withDefault(Type.String(), 'EUR'),
  },
  outputs: { comparison: value(Comparison), page: file() },
  run: async ({ test, validated, tested, ...given }, { out, log }) => {
    const { assembleComparison } = await import('./comparison/assemble-comparison.ts');
    const { comparisonPage } = await import('./comparison/comparison-page.ts');
    const { readPredictions } = await import('./comparison/read-predictions.ts');
    const comparison = assembleComparison({
      ...given,
      test: await readLabelledTexts(test),
      validated: await Promise.all(validated.map(readPredictions)),
      tested: await Promise.all(tested.map(readPredictions)),
    });
    log(`${comparison.chosen} is best by ${given.by} on validation rows`);
    out.comparison.set(comparison);
    await writeFile(out.page.path, comparisonPage(comparison));
  },
});
