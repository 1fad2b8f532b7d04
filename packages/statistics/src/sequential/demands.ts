/** Throws unless the number lies strictly between 0 and 1. `what` names it: `alpha`. */
export const demandFraction = (what: string, value: number): void => {
  if (!(value > 0 && value < 1)) throw new RangeError(`${what} lies strictly between 0 and 1, not ${value}`);
};

export const demandPositive = (what: string, value: number): void => {
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`${what} is a finite number above 0, not ${value}`);
};

export const demandFinite = (what: string, value: number): void => {
  if (!Number.isFinite(value)) throw new RangeError(`${what} is a finite number, not ${value}; leave missing values out`);
};

/** As `demandFinite`, and small enough that squares of values are numbers still. */
export const demandMagnitude = (what: string, value: number): void => {
  demandFinite(what, value);
  if (Math.abs(value) > 1e150) throw new RangeError(`${what} lies between -1e150 and 1e150, not ${value}`);
};

export const demandCount = (what: string, value: number): void => {
  if (!(Number.isSafeInteger(value) && value >= 0)) throw new RangeError(`${what} is a whole number from 0 on, not ${value}`);
};
