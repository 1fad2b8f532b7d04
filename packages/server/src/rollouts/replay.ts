import type { RolloutVerification } from '@boucle/contract';
import { beginComparison, type Comparison, observe } from './comparison.ts';
import { decide } from './decide.ts';
import { unpackEntries } from './evidence-entry.ts';
import type { Chunk, VerdictRecord } from './evidence-store.ts';
import { type Facts, factsOf, firstDigest, nextDigest } from './facts.ts';
import type { RolloutRecord } from './rollout-record.ts';
import { codeVersion } from './policy.ts';
import { atStart, type Control, moved } from './stages.ts';

type Difference = NonNullable<RolloutVerification['difference']>;
type Stated = readonly [what: string, stored: unknown, replayed: unknown];
/** What the evidence alone does not say: people, and what happened to the endpoint. */
const given: readonly VerdictRecord['kind'][] = ['gates', 'approval', 'load', 'pause', 'resume', 'superseded', 'failed'];

/** Weighs stored evidence again by the stored policy, and holds each digest, each number and each verdict against what was stored. */
export const replay = async (
  { policy, digest: head }: Pick<RolloutRecord, 'policy' | 'digest'>,
  verdicts: readonly VerdictRecord[],
  chunks: AsyncIterable<Chunk>,
): Promise<Difference | null> => {
  let comparison = beginComparison(policy);
  let control: Control = atStart;
  let digest = firstDigest(policy);
  let number = 0;
  const queue = [...verdicts];

  /** The verdicts that came before the next chunk, beginning with one that the last chunk brought, if any. */
  const takeVerdicts = (chunk: Chunk | undefined): Difference | null => {
    if (chunk) {
      const decision = decide({ control, comparison, policy, now: Date.parse(chunk.at) });
      const next = queue[0];
      const isTaken = next !== undefined && next.chunks === number && next.at === chunk.at && isDecided(next);
      if (decision.kind !== 'hold' && !isTaken) return difference(comparison, ['a verdict that was not taken', null, decision.message]);
      if (decision.kind === 'hold' && isTaken) return difference(comparison, [`the verdict ${next.kind}`, next.message, decision.message]);
    }
    while (queue[0]?.chunks === number) {
      const verdict = queue.shift()!;
      const found = checkVerdict(verdict);
      if (found) return found;
      control = { ...verdict.control };
    }
    return null;
  };
  const checkVerdict = (verdict: VerdictRecord): Difference | null => {
    const stated: Stated[] = [
      ['the sequence number of a verdict', verdict.seq, comparison.seq],
      ['the digest of a verdict', verdict.digest, digest],
      ...factsDiffer(verdict.facts as Facts, factsOf(comparison, control)),
    ];
    if (isDecided(verdict)) {
      const now = Date.parse(verdict.at);
      const decision = decide({ control, comparison, policy, now });
      stated.push([`the verdict ${verdict.kind}`, `${verdict.kind}: ${verdict.message}`, `${decision.kind}: ${decision.message}`]);
      if (decision.kind !== 'hold') {
        const after = moved(control, decision.move, { now, candidateUnits: comparison.arms.candidate.units });
        stated.push([`where the verdict ${verdict.kind} leads`, JSON.stringify(verdict.control), JSON.stringify(after)]);
      }
    }
    return firstDifference(comparison, stated);
  };

  const before = firstDifference(comparison, [['the version of the code', policy.codeVersion, codeVersion]]) ?? takeVerdicts(undefined);
  if (before) return before;
  for await (const chunk of chunks) {
    digest = nextDigest(digest, chunk);
    number += 1;
    const changed = firstDifference(comparison, [
      ['the number of a piece of evidence', chunk.number, number],
      ['the digest of the evidence', chunk.digest, digest],
    ]);
    if (changed) return changed;
    comparison = unpackEntries(chunk.packed).reduce((state, entry) => observe(state, entry, policy), comparison);
    control = { ...control, requests: chunk.requests };
    const found =
      firstDifference(comparison, [
        ['the sequence number of the evidence', chunk.lastSeq, comparison.seq],
        ...factsDiffer(chunk.facts, factsOf(comparison, control)),
      ]) ?? takeVerdicts(chunk);
    if (found) return found;
  }
  if (queue.length > 0) return difference(comparison, ['a verdict without its evidence', queue[0]!.message, null]);
  return firstDifference(comparison, [['the digest of all evidence', head, digest]]);
};

/** Taken from evidence, the policy and the time alone. */
const isDecided = ({ kind, by, control }: VerdictRecord): boolean =>
  by === 'system' && !given.includes(kind) && !(kind === 'promote' && control.requests === 0 && control.started === 0);

/** Number by number, to the bit. */
const factsDiffer = (stored: Facts, replayed: Facts): Stated[] =>
  [...new Set([...Object.keys(stored), ...Object.keys(replayed)])].map((name) => [name, stored[name], replayed[name]]);
const firstDifference = (comparison: Comparison, stated: readonly Stated[]): Difference | null => {
  const found = stated.find(([, stored, replayed]) => !Object.is(stored, replayed));
  return found ? difference(comparison, found) : null;
};
const difference = ({ seq }: Comparison, [what, stored, replayed]: Stated): Difference => ({
  seq,
  what,
  stored: stored ?? null,
  replayed: replayed ?? null,
});
