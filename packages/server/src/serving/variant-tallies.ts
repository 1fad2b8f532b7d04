import type { Variant } from '@boucle/contract';
import { createLatencyWindow, type LatencyWindow } from './latency-window.ts';

/** A variant of one name may be another model, or answer unseen, in the next deployment: then it is counted anew. */
type Counted = Pick<Variant, 'name' | 'mode' | 'digest'>;
export interface VariantTally {
  readonly window: LatencyWindow;
  /** Requests that a shadow should have seen, and did not for lack of time. */
  dropped: number;
}

/** What each variant of an endpoint did. */
export const createVariantTallies = () => {
  const tallies = new Map<string, VariantTally>();
  const keyOf = ({ name, mode, digest }: Counted): string => `${mode} ${name} ${digest}`;
  return {
    of: (variant: Counted): VariantTally => {
      const key = keyOf(variant);
      const tally = tallies.get(key) ?? { window: createLatencyWindow(), dropped: 0 };
      tallies.set(key, tally);
      return tally;
    },
    keepOnly: (variants: readonly Counted[]): void => {
      const kept = new Set(variants.map(keyOf));
      for (const key of tallies.keys()) if (!kept.has(key)) tallies.delete(key);
    },
  };
};
export type VariantTallies = ReturnType<typeof createVariantTallies>;
