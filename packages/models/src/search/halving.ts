import { invalid } from '@boucle/contract';

export interface Halving {
  /** The smallest resource (rows, epochs) that says something about a trial, and all that one may have. */
  readonly least: number;
  readonly most: number;
  /** One in so many goes on at each rung. Default 3. */
  readonly eta?: number;
}

const usualEta = 3;

/** The resources at which trials are looked at: least, least·η, least·η² … and at the end all. Li et al. 2020, A System for Massively Parallel Hyperparameter Tuning, section 3. */
export const rungsOf = ({ least, most, eta = usualEta }: Halving): readonly number[] => {
  if (!(least > 0 && least <= most && Number.isFinite(most)))
    throw invalid(`Trials have from ${least} to ${most}; that needs two numbers above 0, the smaller first`, 'bad_halving');
  if (!(eta > 1 && Number.isFinite(eta))) throw invalid(`eta is ${eta}; it has to be above 1`, 'bad_halving');
  const rungs: number[] = [];
  // A rung just below the end would cost a whole training more and tell nothing.
  for (let resource = least; resource * Math.sqrt(eta) < most; resource *= eta) rungs.push(resource);
  return [...rungs, most];
};

/**
 * Whether a trial is given up at a rung: it is not among the best 1/η of those seen there so far, itself counted.
 * The asynchronous rule of Li et al. 2020 (ASHA, algorithm 2) in its stopping form: nobody waits for others, and the first
 * few, fewer than η, always go on. Higher values are better; equal ones go on together.
 */
export const shouldStop = ({ earlier, value, eta = usualEta }: { earlier: readonly number[]; value: number; eta?: number }): boolean => {
  if (Number.isNaN(value)) return true;
  const seen = earlier.length + 1;
  const places = Math.floor(seen / eta);
  if (places === 0) return false;
  return earlier.filter((other) => other > value).length >= places;
};
