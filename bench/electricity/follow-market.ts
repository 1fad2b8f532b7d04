import type { RetrainPolicy } from '@boucle/contract';
import { judgeGates } from '../../packages/server/src/registry/index.ts';
import { guard } from '../../packages/server/src/retraining/guard.ts';
import { heldOut, type MarketModel, type Said, trainOn } from './market-model.ts';
import { type MarketRow, rowsADay } from './read-rows.ts';
import { judgeWeek, windowRows } from './watch-week.ts';

export const policy: RetrainPolicy = {
  pipeline: 'training',
  on: ['drift'],
  cooldown: '14d',
  budget: '2 a month',
  labels: { dataset: 'market', column: 'class', minimum: 1000 },
};
export const gate = { metric: 'accuracy', noWorseThan: 'champion', margin: 0.01 } as const;

/** The estimate without labels of one window, and what labels said afterwards. */
export interface Estimated {
  readonly estimate: number;
  readonly actual: number;
  /** Whether the true value lies within the estimate's band; and whether band and the labels' own interval meet. */
  readonly isInside: boolean;
  readonly heldUp: boolean;
  /** Whether the errors of this window were found to be others than those of the evaluation: then no estimate can be right. */
  readonly isConceptDrift: boolean;
}
export interface Followed {
  /** By row, from the first one after those that were learned from. */
  readonly said: readonly Said[];
  readonly estimates: readonly Estimated[];
  readonly windows: number;
  readonly drifted: number;
  readonly conceptDrifted: number;
  /** By reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** The rows at which one began. */
  readonly retrainings: readonly number[];
  readonly passed: number;
}

/** Week after week, with labels a day late: what was said, what was found, and what came of it. */
export const followMarket = async (
  rows: readonly MarketRow[],
  { first, folder, isFrozen }: { first: number; folder: string; isFrozen: boolean },
): Promise<Followed> => {
  let model = await trainOn(rows.slice(0, first), folder);
  const said: Said[] = [];
  const estimates: Estimated[] = [];
  const refused: Record<string, number> = {};
  const retrainings: number[] = [];
  let [windows, drifted, conceptDrifted, passed, learnedTo] = [0, 0, 0, 0, first];

  /** The new version takes over where it is no worse than the one that answers, on rows that neither has learned from. */
  const retrain = async (labelledTo: number): Promise<void> => {
    const labelled = rows.slice(labelledTo - first, labelledTo);
    const candidate = await trainOn(labelled, folder);
    const kept = labelled.slice(-heldOut);
    if (!judgeGates([gate], { candidate: await judgedOn(kept, candidate), champion: await judgedOn(kept, model) }).passed) return;
    passed++;
    model = candidate;
  };
  const judge = async (maker: MarketModel, from: number, answered: readonly Said[]): Promise<void> => {
    const until = from + answered.length;
    const { columns, quality, estimates: found } = judgeWeek(maker, rows.slice(from, until), answered);
    windows++;
    const drifting = columns.filter(({ verdict }) => verdict === 'drift');
    const isConceptDrift = drifting.some(({ column }) => column === 'errors');
    const accuracy = found.find(({ metric }) => metric === 'accuracy');
    if (accuracy?.value !== null && accuracy?.interval && accuracy.actual?.value != null) {
      const [low, high] = accuracy.interval;
      const actual = accuracy.actual.value;
      const isInside = low <= actual && actual <= high;
      estimates.push({ estimate: accuracy.value, actual, isInside, heldUp: accuracy.heldUp === true, isConceptDrift });
    }
    if (drifting.length === 0) return;
    drifted++;
    if (isConceptDrift) conceptDrifted++;
    if (isFrozen) return;
    const now = new Date(rows[until - 1]!.time + 86_400_000);
    const faults = quality.filter(({ isFault }) => isFault).map(({ message }) => message);
    const decided = guard(
      {
        inFlight: null,
        rollout: null,
        faults: faults.length > 0 ? faults.join('; ') : null,
        started: retrainings.map((row) => new Date(rows[row]!.time)).reverse(),
        labelled: until - learnedTo,
        quarantined: 0,
        byHand: false,
      },
      policy,
      now,
    );
    if (!decided.go) {
      refused[decided.reason] = (refused[decided.reason] ?? 0) + 1;
      return;
    }
    retrainings.push(Math.min(rows.length - 1, until + rowsADay));
    learnedTo = until;
    await retrain(until);
  };

  let waiting: (() => Promise<void>) | undefined;
  for (let from = first; from < rows.length; from += windowRows) {
    const until = Math.min(rows.length, from + windowRows);
    // The last week's labels are complete a day after it: until then the same model answers.
    const early = await model.predict(rows.slice(from, Math.min(until, from + rowsADay)));
    await waiting?.();
    const answered = [...early, ...(await model.predict(rows.slice(from + early.length, until)))];
    said.push(...answered);
    const maker = model;
    waiting = until - from < windowRows ? undefined : () => judge(maker, from, answered);
  }
  return { said, estimates, windows, drifted, conceptDrifted, refused, retrainings, passed };
};

const judgedOn = async (rows: readonly MarketRow[], model: MarketModel) => {
  const said = await model.predict(rows);
  return {
    evidence: [],
    labels: model.labels,
    predictions: rows.map(({ number, label: actual }, i) => ({ row: String(number), actual, ...said[i]! })),
  };
};
