/** What one value brought about. After an alarm the detector begins anew with the next value. */
export interface Signal {
  readonly alarm: boolean;
  /** Some detectors speak of a change before they are sure of it; the others never do. */
  readonly warning: boolean;
}

/** Watches a stream for a change, value by value, in bounded memory. */
export interface Detector<Form> {
  /** RangeError for a value that the detector cannot take; it is not counted then. */
  readonly add: (value: number) => Signal;
  /** All that it remembers; going on from it gives the same alarms, bit for bit. */
  readonly toJSON: () => Form;
}

export const quiet: Signal = { alarm: false, warning: false };
export const alarmed: Signal = { alarm: true, warning: false };
export const warned: Signal = { alarm: false, warning: true };

/** A detector out of its two rules: how a state begins, and what a value does to it (in place) and says. */
export const watch = <Form>(
  start: Form,
  { fresh, step }: { fresh: () => Form; step: (state: Form, value: number) => Signal },
): Detector<Form> => {
  // A copy, so that what was restored is not changed under its owner.
  let state = copied(start);
  return {
    add: (value) => {
      const signal = step(state, value);
      if (signal.alarm) state = fresh();
      return signal;
    },
    toJSON: () => copied(state),
  };
};

const copied = <Form>(form: Form): Form => JSON.parse(JSON.stringify(form)) as Form;

export const demandBinary = (detector: string, value: number): void => {
  if (value !== 0 && value !== 1) throw new RangeError(`${detector} watches errors, 0 or 1, not ${value}`);
};

export const demandShare = (detector: string, value: number): void => {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`${detector} watches values from 0 to 1, not ${value}; scale them first`);
};
