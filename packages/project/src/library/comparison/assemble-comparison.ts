import { cpus } from 'node:os';
import { type LearningPoint, type ModelComparison, type ServingMeasure, invalid } from '@boucle/contract';
import { compareClassifiers } from '@boucle/models';
import type { Settings } from '@boucle/models/search';
import type { LabelledTexts } from '../rows.ts';
import { complexities } from './complexity.ts';
import { evaluateTexts } from './evaluate-texts.ts';
import type { PredictionsByRow } from './read-predictions.ts';

interface Gathered {
  readonly names: readonly string[];
  readonly test: LabelledTexts;
  readonly validated: readonly PredictionsByRow[];
  readonly tested: readonly PredictionsByRow[];
  readonly settings: readonly Settings[];
  readonly curves: readonly (readonly LearningPoint[])[];
  readonly measures: readonly ServingMeasure[];
  readonly by: string;
  readonly of: string;
  readonly wattsPerCpu: number;
  readonly pricePerCpuHour: number;
  readonly currency: string;
}
type Approach = ModelComparison['approaches'][number];

/** Everything about the approaches on one page. The best is chosen on validation rows; what is said of it comes from test rows. */
export const assembleComparison = (gathered: Gathered): ModelComparison => {
  const { names, test, by, of, wattsPerCpu, pricePerCpuHour, currency } = gathered;
  const lists = [gathered.validated, gathered.tested, gathered.settings, gathered.curves, gathered.measures];
  if (lists.some((list) => list.length !== names.length))
    throw invalid(`There are ${names.length} names for ${lists.map((list) => list.length).join(', ')} things`, 'unequal_lengths');
  const labels = [...new Set(test.labels)].sort();
  const evaluated = gathered.tested.map((said) => {
    const predicted = onRows(said, test.rows);
    return {
      predicted,
      ...evaluateTexts({
        actual: test.labels,
        predicted,
        labels,
        by,
        of,
        columns: { complexity: complexities(test.texts), text: test.texts },
      }),
    };
  });
  const approaches = names.map((name, i): Approach => {
    const curve = gathered.curves[i]!;
    const serving = gathered.measures[i]!;
    const rows = [...gathered.validated[i]!.values()];
    const validation = evaluateTexts({
      actual: rows.map(({ actual }) => actual),
      predicted: rows.map(({ predicted }) => predicted),
      labels,
      by,
      of,
    });
    const { quality, accuracy, slices } = evaluated[i]!;
    return {
      name,
      settings: { ...gathered.settings[i]! },
      validation: validation.quality,
      test: quality,
      accuracy: [accuracy, ...slices.map((slice) => slice.accuracy)],
      curve: [...curve],
      training: { wattHours: (curve.at(-1)!.cpuSeconds / 3600) * wattsPerCpu },
      serving,
      pricePerThousand: (serving.cpuSecondsPerThousand / 3600) * pricePerCpuHour,
    };
  });
  const best = Math.max(...approaches.map(({ validation }) => validation.value ?? -Infinity));
  return {
    format: 'boucle.comparison/1',
    metric: by,
    of,
    chosen: approaches.find(({ validation }) => (validation.value ?? -Infinity) === best)!.name,
    rows: { train: gathered.curves[0]!.at(-1)!.rows, validation: gathered.validated[0]!.size, test: test.rows.length },
    assumed: { wattsPerCpu, pricePerCpuHour, currency },
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cpus: cpus().length,
      platform: `${process.platform} ${process.arch}`,
      node: process.versions.node,
    },
    slices: [{ is: 'all', rows: test.rows.length }, ...evaluated[0]!.slices.map(({ is, rows }) => ({ is, rows }))],
    approaches,
    pairs: pairsOf({ actual: test.labels, labels, candidates: names.map((name, i) => ({ name, predicted: evaluated[i]!.predicted })) }),
  };
};

const onRows = (said: PredictionsByRow, rows: readonly string[]): string[] =>
  rows.map((row) => {
    const found = said.get(row);
    if (!found)
      throw invalid(`There is no prediction of the test row ${row}: were all evaluated on the same rows?`, 'row_missing', { row });
    return found.predicted;
  });

/** An error rate that is smaller by so much is an accuracy that is higher by as much. */
const pairsOf = (rows: Parameters<typeof compareClassifiers>[0]): ModelComparison['pairs'] =>
  compareClassifiers(rows).map(({ first, second, mcnemar }) => {
    const { effect, adjusted } = mcnemar.testable ? mcnemar : { effect: undefined, adjusted: undefined };
    return {
      first,
      second,
      difference: {
        value: effect ? -effect.value : null,
        interval: effect?.interval ? [-effect.interval.high, -effect.interval.low] : null,
      },
      pValue: adjusted?.pValue ?? null,
    };
  });
