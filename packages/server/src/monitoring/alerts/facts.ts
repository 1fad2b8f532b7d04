import type { Prediction } from '@boucle/contract';
import { isFault } from '../../serving/index.ts';
import { labelText } from '../label-text.ts';

/** What rules ask of a logged prediction. */
export interface Facts {
  readonly id: string;
  readonly time: number;
  readonly arrival: number;
  /** The record that stands for its request. */
  readonly isRequest: boolean;
  readonly isAnswered: boolean;
  /** A failure of ours. */
  readonly isFault: boolean;
  readonly latencyMs: number;
  valueOf(column: string): string | undefined;
}

/** Longer values are cut: they would be kept with each group. */
const letters = 200;
const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const factsOf = (prediction: Prediction): Facts => {
  const { id, row, eventTime, arrivalTime, outcome, latencyMs, variant, inputs, outputs } = prediction;
  const { label, score } = (outputs ?? {}) as { label?: unknown; score?: unknown };
  const textOf = (value: unknown): string | undefined =>
    value === undefined || value === null || typeof value === 'object' ? undefined : plain(value).slice(0, letters);
  return {
    id,
    time: Date.parse(eventTime),
    arrival: Date.parse(arrivalTime),
    isRequest: row === 0,
    isAnswered: outcome === 'ok',
    isFault: isFault(outcome),
    latencyMs,
    valueOf: (column) => {
      if (column === 'prediction') return label === undefined ? undefined : labelText(label).slice(0, letters);
      if (column === 'confidence') return textOf(score);
      if (column === 'variant') return variant ?? undefined;
      const isRow = typeof inputs === 'object' && inputs !== null && Object.hasOwn(inputs, column);
      return isRow ? textOf((inputs as Record<string, unknown>)[column]) : undefined;
    },
  };
};
