import { Type } from 'typebox';
import type { LearningPoint } from '@boucle/contract';
import { withDefault } from '../param.ts';
import { value } from '../port.ts';
import { defineStep } from '../step.ts';
import { labelledTexts, readLabelledTexts, someOf } from './rows.ts';
import { Curve } from './comparison/ports.ts';
import { Fixed, SettingsOf } from './search-outcome.ts';

/**
 * How much data an approach needs, and what learning costs: trains on growing shares of the rows, each time in a process of its own.
 * Its output holds times, so that it is another one each time it is carried out.
 */
export const learningCurve = defineStep(import.meta, 'learning-curve', {
  /** Judged on `data`, which no training sees. */
  inputs: { train: labelledTexts, validation: labelledTexts, data: labelledTexts },
  params: {
    approach: Type.String(),
    seed: Type.Integer({ minimum: 0 }),
    settings: withDefault(SettingsOf, {}),
    fixed: withDefault(Fixed, {}),
    by: Type.String(),
    of: withDefault(Type.String(), ''),
    shares: withDefault(Type.Array(Type.Number({ exclusiveMinimum: 0, maximum: 1 }), { minItems: 1 }), [0.1, 0.25, 0.5, 1]),
  },
  outputs: { curve: value(Curve) },
  run: async ({ train, validation, data, approach, seed, settings, fixed, by, of, shares }, { out, metric, progress, signal }) => {
    const { inOwnProcess } = await import('./comparison/in-own-process.ts');
    const { measurement } = await import('./comparison/measure-training.ts');
    const [all, seen, judged] = await Promise.all([train, validation, data].map(readLabelledTexts));
    const curve: LearningPoint[] = [];
    for (const [i, share] of shares.toSorted((a, b) => a - b).entries()) {
      const rows = await someOf(all!, { rows: Math.round(share * all!.texts.length), seed });
      const given = { rows, validation: seen!, judged: judged!, options: { approach, seed, ...fixed, ...settings }, by, of };
      const point = await inOwnProcess(measurement, given, { signal });
      curve.push(point);
      metric('train_seconds', point.seconds, point.rows);
      metric('train_cpu_seconds', point.cpuSeconds, point.rows);
      metric('peak_memory_bytes', point.peakMemoryBytes, point.rows);
      if (point.quality.value !== null) metric(by, point.quality.value, point.rows);
      progress(i + 1, shares.length);
    }
    out.curve.set(curve);
  },
});
