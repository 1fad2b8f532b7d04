import type { Static } from 'typebox';
import type { ClassifierEvaluation } from '@boucle/models';
import { named } from './judge.ts';
import type { Details } from './report.ts';

type Written = Static<typeof Details>;

/** A report travels with its step: what is of any length is cut. */
const most = { slices: 60, weak: 20 };

/** What an evaluation found beside its metrics, as the report keeps it. */
export const detailsOf = ({ curves, slices, search, fairness }: ClassifierEvaluation): Written => ({
  curves: curves.map(({ label, roc, precisionRecall, calibration }) => ({
    label,
    roc: (roc?.points ?? []).map((point) => [short(point.falsePositiveRate), short(point.truePositiveRate)]),
    precisionRecall: (precisionRecall?.points ?? []).map(({ recall, precision }) => [short(recall), short(precision)]),
    calibration: calibration.map(({ meanProbability, share: { value, trials, interval } }) => ({
      rows: trials,
      said: short(meanProbability),
      came: short(value!),
      interval: ends(interval!),
    })),
  })),
  slices: slices.slice(0, most.slices).map(({ metrics, ...slice }) => ({ ...slice, ...named(metrics) })),
  search: {
    tried: search.tried,
    weak: search.weak
      .slice(0, most.weak)
      .map(({ conditions, interval, ...slice }) => ({ ...slice, conditions: [...conditions], interval: ends(interval) })),
  },
  fairness: fairness.map(({ groups, demographicParity, equalOpportunity, equalizedOdds, ...about }) => ({
    ...about,
    groups: groups.map(({ group, rows, selection, truePositives, falsePositives }) => ({
      group,
      rows,
      selection: selection.value,
      truePositives: truePositives.value,
      falsePositives: falsePositives.value,
    })),
    demographicParity: gapOf(demographicParity),
    equalOpportunity: gapOf(equalOpportunity),
    equalizedOdds: gapOf(equalizedOdds),
  })),
});

/** To be drawn, hence no more digits than can be seen. */
const short = (value: number): number => Number(value.toPrecision(5));
const ends = ({ low, high }: { low: number; high: number }): [number, number] => [low, high];

const gapOf = ({
  value,
  interval,
  between,
}: ClassifierEvaluation['fairness'][number]['equalizedOdds']): Written['fairness'][number]['equalizedOdds'] => ({
  value,
  interval: interval && ends(interval),
  between: between && [...between],
});
