/** Where a rule stands for one group. Times are milliseconds on the axis of the rule: of events, or of the clock. */
export type Phase = { readonly status: 'inactive' } | { readonly status: 'pending' | 'firing'; readonly since: number };
export const inactive: Phase = { status: 'inactive' };

export interface Observation {
  readonly holds: boolean;
  /** Since when it holds. */
  readonly since: number;
  /** Until when that is known. */
  readonly at: number;
}
export interface Decided {
  readonly phase: Phase;
  readonly effect: 'fire' | 'resolve' | null;
}

/** What an observation makes of a phase; a rule that has to hold for a time is pending until it has. */
export const decide = (phase: Phase, { holds, since, at }: Observation, forMs: number): Decided => {
  if (!holds) return { phase: inactive, effect: phase.status === 'firing' ? 'resolve' : null };
  if (phase.status === 'firing') return { phase, effect: null };
  return at - since >= forMs
    ? { phase: { status: 'firing', since }, effect: 'fire' }
    : { phase: { status: 'pending', since }, effect: null };
};
