import type { Random } from '../random.ts';
import { logFactorial } from '../special/log-factorial.ts';

/** A box with so many marked ones and others, out of which some are taken. */
export interface Box {
  readonly marked: number;
  readonly others: number;
  readonly taken: number;
}
/** So many are taken one by one, which costs less than proposals that may be refused. */
export const fewTaken = 12;

/** How many of the taken ones are marked: exact, whichever way it is drawn. */
export const drawHypergeometric = (random: Random, { marked, others, taken }: Box): number => {
  const all = marked + others;
  const left = all - taken;
  // Drawn for the smaller halves, and mirrored back.
  const [rarer, fewer] = [Math.min(marked, others), Math.min(taken, left)];
  const law = { rarer, fewer, all };
  const drawn = Math.min(rarer, fewer) <= fewTaken ? takeOneByOne(random, law) : propose(random, law);
  const markedOfFewer = marked <= others ? drawn : fewer - drawn;
  return taken <= left ? markedOfFewer : marked - markedOfFewer;
};

interface Law {
  readonly rarer: number;
  readonly fewer: number;
  readonly all: number;
}
/** Whether the rare ones are in the sample or the sampled ones are rare, is the same: the shorter of the two is asked. */
const takeOneByOne = (random: Random, { rarer, fewer, all }: Law): number => {
  const [asked, sought] = rarer < fewer ? [rarer, fewer] : [fewer, rarer];
  let unfound = sought;
  for (let i = 0; i < asked; i++) if (random.uniform() * (all - i) < unfound) unfound--;
  return sought - unfound;
};

/**
 * Ratio of uniforms under a hat that covers every hypergeometric law. Source: Stadlober 1990, The ratio of uniforms approach for generating
 * discrete random variates, Journal of Computational and Applied Mathematics 31 (HRUA).
 */
const propose = (random: Random, { rarer, fewer, all }: Law): number => {
  const share = rarer / all;
  const centre = fewer * share + 0.5;
  const variance = ((all - fewer) / (all - 1)) * fewer * share * (1 - share);
  const width = Math.sqrt((8 / Math.E) * (variance + 0.5)) + 3 - Math.sqrt(12 / Math.E);
  const most = Math.min(rarer, fewer);
  const rest = all - rarer - fewer;
  const logWeight = (k: number): number => -logFactorial(k) - logFactorial(rarer - k) - logFactorial(fewer - k) - logFactorial(rest + k);
  const atMode = logWeight(Math.floor(((fewer + 1) * (rarer + 1)) / (all + 2)));
  for (;;) {
    const u = 1 - random.uniform();
    const k = Math.floor(centre + (width * (random.uniform() - 0.5)) / u);
    if (k < 0 || k > most) continue;
    const relative = logWeight(k) - atMode;
    // What lies below and above 2 ln u spares most logarithms.
    if (u * (4 - u) - 3 <= relative) return k;
    if (u * (u - relative) < 1 && 2 * Math.log(u) <= relative) return k;
  }
};
