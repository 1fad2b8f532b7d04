import { setImmediate } from 'node:timers/promises';
import { createRandom } from '@boucle/statistics';
import { startTable } from '../ground/table.ts';
import { type Evidently, startEvidently } from './evidently.ts';
import { categoryLaw, type Law, numberLaws, type Pair } from './samples.ts';
import { pValueOf } from './watched-column.ts';

const alpha = 0.05;
/** What is promised: alarms at the stated rate, and no more than a point beside it. */
const point = 0.01;
const sizes = [50, 100, 300, 1000, 5000];
const categoryCounts = [2, 3, 5, 20, 100, 1000];
/** A standard error of 0.4 points. */
const stillRuns = 3000;
const movedRuns = 400;
/** After so many, a rate that is far off is plain. */
const fewRuns = 500;
/** Evidently sees the first so many of the same pairs: a verdict takes it milliseconds. */
const sharedRuns = 200;

interface Setting {
  readonly law: Law;
  readonly reference: number;
  readonly current: number;
}
const settings: readonly Setting[] = [
  ...numberLaws.flatMap((law) => sizes.map((current) => ({ law, reference: 2000, current }))),
  ...categoryCounts.map(categoryLaw).flatMap((law) => sizes.map((size) => ({ law, reference: size, current: size }))),
];
const shiftOf = ({ kind }: Law): number => (kind === 'num' ? 0.2 : 0.1);

/** How often a difference is called drift, without one and with one: the shipped path beside Evidently's defaults on the same samples. */
export const compareDrift = async (): Promise<void> => {
  console.log(
    `Drift: alarms where nothing changed, stated ${percent(alpha)} ± 1 point, of ${stillRuns} pairs (standard error ${percent(errorOf(alpha, stillRuns))}); and where something did, of ${movedRuns}: a shift of 0.2, or a tenth of the mass.\n` +
      `Evidently's defaults judge the first ${sharedRuns} of the same pairs (standard error at ${percent(alpha)}: ${percent(errorOf(alpha, sharedRuns))}).\n`,
  );
  const evidently = startEvidently();
  try {
    const row = startTable([
      'what           ',
      'reference',
      'current',
      'no change: Boucle',
      '                ',
      'Evidently',
      'change: Boucle',
      'Evidently',
      "Evidently's default",
    ]);
    for (const setting of settings) {
      const { law, reference, current } = setting;
      const still = await alarms(evidently, setting, { runs: stillRuns, shift: 0 });
      const moved = await alarms(evidently, setting, { runs: movedRuns, shift: shiftOf(law) });
      row([
        law.name,
        String(reference),
        String(current),
        percent(still.ours),
        verdictOn(still.ours),
        percent(still.theirs),
        percent(moved.ours),
        percent(moved.theirs),
        still.method,
      ]);
    }
  } finally {
    await evidently.end();
  }
};

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const errorOf = (share: number, runs: number): number => Math.sqrt((share * (1 - share)) / runs);
/** Where few outcomes are possible, none has the stated probability: then there are fewer alarms. */
const verdictOn = (share: number): string => (share > alpha + point ? 'not kept' : share < alpha - point ? 'conservative' : 'kept');

/** The same pairs for both, judged at the same time. */
const alarms = async (evidently: Evidently, setting: Setting, { runs, shift }: { runs: number; shift: number }) => {
  const theirs = evidently.alarms(Array.from({ length: sharedRuns }, (_, run) => pairOf(setting, run, shift)));
  let [alarmed, run] = [0, 0];
  for (; run < runs; run++) {
    if (run % 20 === 0) await setImmediate();
    if (run === fewRuns && shift === 0 && alarmed / run - 4 * errorOf(alarmed / run, run) > alpha + point) break;
    const p = pValueOf(pairOf(setting, run, shift), alpha);
    if (p !== undefined && p <= alpha) alarmed++;
  }
  const { share, method } = await theirs;
  return { ours: alarmed / run, theirs: share, method };
};

const pairOf = ({ law, reference, current }: Setting, run: number, shift: number): Pair => {
  const random = createRandom(1 + run);
  return { kind: law.kind, reference: law.draw(random, reference), current: law.draw(random, current, shift) };
};
