import type { Arm, RolloutReport, RolloutVersion } from '@boucle/contract';
import { readMeanDifference, readPaired, readQuantile, readRampSafe, readSampleRatio } from '@boucle/statistics';
import { compareLatency, type Comparison, latencyLevels } from './comparison.ts';
import { type Chunk, presentVerdict, type VerdictRecord } from './evidence-store.ts';
import type { Facts } from './facts.ts';
import { goalOf } from './policy.ts';
import { presentRollout, type RolloutRecord } from './rollout-record.ts';

type Series = RolloutReport['series'];
type Bounds = NonNullable<RolloutReport['risk']>['interval'];
/** As many points as a picture shows. */
export const seriesPoints = 500;

export const reportOf = (
  record: RolloutRecord,
  verdicts: readonly VerdictRecord[],
  looks: readonly Pick<Chunk, 'lastSeq' | 'at' | 'facts'>[],
): RolloutReport => {
  const { comparison, policy } = record;
  const risk = readRampSafe(comparison.goal, 1 - policy.alphaRollback);
  const ratio = comparison.sampleRatio && readSampleRatio(comparison.sampleRatio);
  const ab = comparison.ab && readMeanDifference(comparison.ab);
  return {
    rollout: presentRollout(record),
    verdicts: verdicts.map(presentVerdict),
    arms: record.baseline ? [armOf(record, 'baseline', record.baseline), armOf(record, 'candidate', record.candidate)] : [],
    series: looks.map(({ lastSeq, at, facts }, i): Series[number] => {
      const before = looks[i - 1]?.facts;
      return {
        seq: lastSeq,
        at,
        share: facts['share']!,
        rollback: highest('rollback', facts, before),
        promote: highest('promote', facts, before),
      };
    }),
    bounds: {
      rollback: -Math.log(comparison.goal.alphaRollback),
      promote: -Math.log(policy.alphaPromote),
      hold: Math.log(policy.holdAt),
    },
    risk: risk.testable ? { estimate: risk.relativeRisk, interval: risk.interval } : null,
    latency: compareLatency(comparison, policy)
      .filter(({ canary, baseline }) => canary.testable && baseline.testable)
      .map(({ p, verdict, ratio: range }) => ({ p, verdict, ratio: range })),
    sampleRatio: ratio?.testable ? { pValue: ratio.pValue, biased: ratio.biased } : null,
    shadow: shadowOf(record),
    ab: ab?.testable
      ? { difference: ab.difference, pValue: ab.pValue, low: ab.interval.low, high: ab.interval.high, confidence: ab.interval.confidence }
      : null,
    standing: record.message,
    awaits: awaitsOf(record),
  };
};

/** Within a look the evidence may have risen and fallen again: what decided is what it rose to. */
const highest = (side: 'rollback' | 'promote', facts: Facts, before: Facts | undefined): number => {
  const peak = facts[`${side}Peak`]!;
  return peak > (before?.[`${side}Peak`] ?? 0) ? peak : facts[side]!;
};

const armOf = ({ comparison, control }: RolloutRecord, arm: Arm, version: RolloutVersion): RolloutReport['arms'][number] => {
  const { units, errors, labelled, wrong } = comparison.arms[arm];
  return {
    arm,
    version,
    shareRequested: arm === 'candidate' ? control.share : 1 - control.share,
    shareObserved: observedShare(comparison, arm),
    units,
    errors,
    labelled,
    wrong,
    latencyMs: latencyLevels.flatMap((p) => {
      const reading = readQuantile(comparison.latency[arm], p);
      return reading.testable ? [{ p, estimate: reading.estimate, low: reading.interval.low, high: reading.interval.high }] : [];
    }),
  };
};
/** Under the shares of the last units that came. */
const observedShare = ({ sampleRatio }: Comparison, arm: Arm): number | null => {
  if (!sampleRatio) return null;
  const [candidate = 0, baseline = 0] = sampleRatio.counts;
  const total = candidate + baseline;
  return total === 0 ? null : (arm === 'candidate' ? candidate : baseline) / total;
};

const shadowOf = ({ comparison, policy }: RolloutRecord): RolloutReport['shadow'] => {
  const { pairs, pairLabels } = comparison;
  if (!policy.shadow && pairs.pairs === 0) return null;
  const reading = readPaired(pairLabels);
  const { canary, baseline } = pairLabels.discordant;
  return {
    ...pairs,
    wanted: policy.shadow?.pairs ?? 0,
    candidateOnlyWrong: canary,
    baselineOnlyWrong: baseline,
    pValue: reading.testable ? reading.pValue : null,
    difference: reading.testable ? reading.difference : null,
    interval: reading.testable ? differenceBounds(reading.relativeRisk, (canary + baseline) / reading.pairs) : null,
  };
};

/** Of the pairs that differ, a share θ = r/(1 + r) went against the candidate: the difference of the error rates is (2θ − 1) times their share of all. */
const differenceBounds = ({ low, high, confidence }: Bounds, discordant: number) => {
  const at = (risk: number | null, otherwise: number): number => discordant * (risk === null ? otherwise : (risk - 1) / (risk + 1));
  return { low: at(low, -1), high: at(high, 1), confidence };
};

/** What would decide, in plain words. */
const awaitsOf = ({ control, policy, status, comparison }: RolloutRecord): string => {
  if (control.stage === 'ended') return 'Nothing: it is over';
  if (status === 'paused') return 'Somebody resumes it; evidence against the candidate still rolls it back';
  const bad = goalOf(policy) === 'errors' ? 'failed requests' : 'wrong labels';
  const events = comparison.goal.canary + comparison.goal.baseline;
  switch (control.stage) {
    case 'gates':
      return 'The gates are being judged';
    case 'approval':
      return `${policy.approvals.count} people have to agree`;
    case 'loading':
      return 'The candidate is being loaded';
    case 'shadow':
      return `${policy.shadow!.pairs} inputs answered by both; failures on one side decide at once, labels as they come, and the stage does not wait for them`;
    case 'watch':
      return 'The watch ends by time; evidence against the candidate rolls it back';
    default:
      return policy.ab
        ? `A difference of ${bad} beyond doubt, in either direction`
        : `More ${bad}: ${events} came so far, of at least ${policy.minEvents}; E of ${round(1 / policy.alphaPromote)} in its favour promotes, E of ${round(1 / comparison.goal.alphaRollback)} against it rolls back`;
  }
};
const round = (value: number): string => String(Number(value.toPrecision(3)));
