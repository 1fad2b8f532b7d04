import type { Gate, GateVerdict } from '@boucle/contract';
import { estimateOf, evidenceFor, type Judged } from './gate-estimate.ts';
import { differenceOf, pairsOf } from './gate-pairs.ts';

interface Contest {
  readonly candidate: Judged;
  /** Null where no other version is the champion. */
  readonly champion: Judged | null;
}

/** Every gate is decided by an interval, never by a number alone; what the data leave open is undecided, and that is no pass. */
export const judgeGates = (gates: readonly Gate[], contest: Contest): { passed: boolean; gates: GateVerdict[] } => {
  const verdicts = gates.flatMap((gate) => {
    const found = [
      ...(gate.atLeast === undefined ? [] : [bounded(gate, contest.candidate, { side: 'atLeast', bound: gate.atLeast })]),
      ...(gate.atMost === undefined ? [] : [bounded(gate, contest.candidate, { side: 'atMost', bound: gate.atMost })]),
      ...(gate.noWorseThan === undefined ? [] : [compared(gate, contest)]),
    ];
    return found.length > 0 ? found : [undecided(nameOf(gate), `${nameOf(gate)} has no bound: give it atLeast, atMost or noWorseThan`)];
  });
  return { passed: verdicts.every(({ verdict }) => verdict === 'passed'), gates: verdicts };
};

const nameOf = ({ metric, of }: Gate): string => (of === undefined ? metric : `${metric} of ${of}`);
const undecided = (gate: string, message: string, value: number | null = null): GateVerdict => ({
  gate,
  verdict: 'undecided',
  value,
  interval: null,
  message,
});

type Bound = { readonly side: 'atLeast' | 'atMost'; readonly bound: number };

const bounded = (gate: Gate, candidate: Judged, { side, bound }: Bound): GateVerdict => {
  const name = nameOf(gate);
  const title = `${name} ${side === 'atLeast' ? 'at least' : 'at most'} ${shown(bound)}`;
  const known = estimateOf(gate, candidate);
  if (!known) return undecided(title, `${name} is not known with an interval: ${whatIsMissing(gate, candidate)}`, pointOf(gate, candidate));
  const { value, low, high } = known;
  const [keeps, breaks] = side === 'atLeast' ? [low >= bound, high < bound] : [high <= bound, low > bound];
  const seen = `${name} is ${shown(value)} (between ${shown(low)} and ${shown(high)})`;
  const wanted = `${side === 'atLeast' ? 'at least' : 'at most'} ${shown(bound)} is asked for`;
  const rest = keeps ? '' : breaks ? ', and it is certainly not there' : ', and these rows leave it open: evaluate on more';
  return {
    gate: title,
    verdict: keeps ? 'passed' : breaks ? 'failed' : 'undecided',
    value,
    interval: [low, high],
    message: `${seen}; ${wanted}${rest}`,
  };
};

const pointOf = (gate: Gate, judged: Judged): number | null => {
  const value = evidenceFor(gate, judged)?.value;
  return typeof value === 'number' ? value : null;
};

const whatIsMissing = (gate: Gate, { evidence, predictions = [] }: Judged): string => {
  if (evidence.length === 0 && predictions.length === 0)
    return 'the version was registered without an evaluation; register it with a report and predictions';
  if (!evidenceFor(gate, { evidence })) {
    const names = evidence.map(({ metric }) => metric);
    return `its evaluation reports ${names.slice(0, 20).join(', ') || 'nothing'}; and ${predictions.length} predictions with labels are too few, or do not tell it`;
  }
  return `its evaluation reports it without one, and ${predictions.length} predictions with labels are too few, or do not tell it`;
};

const compared = (gate: Gate, { candidate, champion }: Contest): GateVerdict => {
  const name = nameOf(gate);
  const margin = gate.margin ?? 0;
  const title = `${name} no worse than the champion`;
  if (champion === null)
    return {
      gate: title,
      verdict: 'passed',
      value: null,
      interval: null,
      message: 'No other version is the champion, so there is none to be worse than',
    };
  const pairs = pairsOf(candidate.predictions ?? [], champion.predictions ?? []);
  if (pairs.length === 0) {
    const have = `the candidate has ${candidate.predictions?.length ?? 0}, the champion ${champion.predictions?.length ?? 0}`;
    return undecided(
      title,
      `The two versions were not evaluated on the same rows (${have}, none in common): evaluate both on one test side`,
    );
  }
  const found = differenceOf(gate, pairs, { candidate, champion });
  if (!found)
    return undecided(
      title,
      `${name} cannot be compared on ${pairs.length} rows that both were evaluated on: they are too few, or do not tell it`,
    );
  const { value, low, high } = found;
  const verdict = low > -margin ? 'passed' : high < -margin ? 'failed' : 'undecided';
  const difference = `${name} differs from the champion's by ${signed(value)} for the better (between ${signed(low)} and ${signed(high)}, on ${pairs.length} rows)`;
  const allowed = `${shown(margin)} worse is allowed`;
  const rest = { passed: '', failed: ', and it is certainly more', undecided: ', and these rows leave it open: evaluate on more' }[verdict];
  return { gate: title, verdict, value, interval: [low, high], message: `${difference}; ${allowed}${rest}` };
};

const shown = (n: number): string => String(Number(n.toPrecision(3)));
const signed = (n: number): string => (n > 0 ? `+${shown(n)}` : shown(n));
