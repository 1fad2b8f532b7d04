import type { Gate, GateVerdict } from '@boucle/contract';

interface Bound {
  readonly side: 'atLeast' | 'atMost';
  readonly bound: number;
}

/** What each verdict was held against, in the order in which gates are judged; none where the gates are others by now. */
const boundsOf = (gates: readonly Gate[], verdicts: number): readonly Bound[] => {
  const bounds = gates.flatMap(({ atLeast, atMost, noWorseThan, margin = 0 }): Bound[] => {
    const found: Bound[] = [
      ...(atLeast === undefined ? [] : [{ side: 'atLeast', bound: atLeast } as const]),
      ...(atMost === undefined ? [] : [{ side: 'atMost', bound: atMost } as const]),
      ...(noWorseThan === undefined ? [] : [{ side: 'atLeast', bound: -margin } as const]),
    ];
    return found.length > 0 ? found : [{ side: 'atLeast', bound: Number.NaN }];
  });
  return bounds.length === verdicts ? bounds : [];
};

export interface Gap {
  readonly bound: number;
  /** By how much the value misses the bound; negative where it keeps it. */
  readonly value: number;
  /** By how much even the kindest end of the interval misses it; negative where the interval reaches over. */
  readonly atLeast: number;
}

/** By how much each gate is missed, where that is known. */
export const gapsOf = (gates: readonly Gate[], verdicts: readonly GateVerdict[]): readonly (Gap | undefined)[] => {
  const bounds = boundsOf(gates, verdicts.length);
  return verdicts.map(({ value, interval }, i) => {
    const held = bounds[i];
    if (!held || value === null || interval === null || Number.isNaN(held.bound)) return undefined;
    const { side, bound } = held;
    return side === 'atLeast'
      ? { bound, value: bound - value, atLeast: bound - interval[1] }
      : { bound, value: value - bound, atLeast: interval[0] - bound };
  });
};
