import type { Prediction } from '@boucle/contract';
import { type Collected, createCollector, unitHash } from './collect.ts';
import { observe } from './comparison.ts';
import { type Entry, inOrder, packEntries } from './evidence-entry.ts';
import { evidenceStore } from './evidence-store.ts';
import { factsOf, nextDigest } from './facts.ts';
import type { RolloutParts } from './ports.ts';
import type { RolloutRecord } from './rollout-record.ts';
import type { Seen } from './settle.ts';

/** What one look takes in at most, and how much waits for its turn before lateness is no excuse any more. */
const recordsAtOnce = 500;
const entriesAtOnce = 1000;
const pendingAtMost = 5000;

export interface Gathered {
  readonly seen: Seen;
  readonly record: RolloutRecord;
  /** The moment of this look: what is decided from it is decided then. */
  readonly at: Date;
  /** There may be more at once. */
  readonly isMore: boolean;
  /** When the next piece of evidence that waits has its turn. */
  readonly ripeAt: number | null;
}

/** Reads what the prediction log and the labels have to say since the last look, and weighs what has its turn. */
export const createGather = ({ db, clock, serving, monitoring }: RolloutParts) => {
  /** Reads outside of any write; the look that calls it is the only one of its rollout. */
  const gather = async (record: RolloutRecord, endpointId: string): Promise<Gathered> => {
    const { project, endpoint } = record;
    const tail = await serving.tail(endpointId, record.logCursor, recordsAtOnce);
    const labels = await monitoring.given(project, endpoint, { after: record.labelCursor, limit: recordsAtOnce });
    const store = evidenceStore(db.read, record.id);

    const predictions = tail.map(({ prediction }) => prediction);
    const byId = new Map(predictions.map((prediction) => [prediction.id, prediction]));
    const find = async (id: string): Promise<Prediction | undefined> => byId.get(id) ?? serving.find(project, id);
    const shadows = await Promise.all(
      predictions.filter(({ shadowOf }) => shadowOf !== null).map(async (shadow) => ({ shadow, live: await find(shadow.shadowOf!) })),
    );
    const knownPairs = await store.pairs(labels.map(({ predictionId }) => predictionId));
    const labelled = await Promise.all(
      labels.map(async (label) => ({
        label,
        pair: knownPairs.get(label.predictionId),
        prediction: knownPairs.has(label.predictionId) ? undefined : await find(label.predictionId),
      })),
    );

    const about = [...predictions, ...shadows.flatMap(({ live }) => live ?? []), ...labelled.flatMap(({ prediction }) => prediction ?? [])];
    const units = [...about.map((one) => unitHash(record.policy.salt, one)), ...labelled.flatMap(({ pair }) => pair?.unit ?? [])];
    const collector = createCollector(record, await store.kindsOf([...new Set(units)]));
    for (const prediction of predictions) if (prediction.shadowOf === null) collector.live(prediction);
    for (const { shadow, live } of shadows) if (live) collector.pair(live, shadow);
    for (const { label, pair, prediction } of labelled) {
      const both = pair ?? collector.foundPair(label.predictionId);
      if (both) collector.pairLabel(label, both);
      else if (prediction) collector.label(label, prediction);
    }
    const last = tail.at(-1);
    const isMore = tail.length >= recordsAtOnce || labels.length >= recordsAtOnce;
    return weigh(record, collector.collected(), {
      logCursor: last ? last.position : record.logCursor,
      labelCursor: labels.at(-1)?.seq ?? record.labelCursor,
      isMore,
    });
  };

  const weigh = (
    record: RolloutRecord,
    { entries, pairs, requests, kinds }: Collected,
    { logCursor, labelCursor, isMore }: Pick<RolloutRecord, 'logCursor' | 'labelCursor'> & { isMore: boolean },
  ): Gathered => {
    const { policy } = record;
    const now = clock.now();
    const sorted = [...record.pending, ...entries].sort(inOrder);
    const due = sorted.findIndex(({ at }) => at + policy.latenessMs > now.getTime());
    const ripe = Math.min(entriesAtOnce, Math.max(due < 0 ? sorted.length : due, sorted.length - pendingAtMost));
    const turn = sorted.slice(0, ripe);
    const pending = sorted.slice(ripe);

    const comparison = turn.reduce((state, entry) => observe(state, entry, policy), record.comparison);
    const control = { ...record.control, requests: record.control.requests + requests };
    const change = { comparison, control, pending, logCursor, labelCursor };
    const isCounted = turn.length > 0 || requests > 0;
    const chunk = isCounted ? chunkOf(record, turn, { ...change, at: now.toISOString() }) : undefined;
    const seen: Seen = {
      change: chunk ? { ...change, chunks: chunk.number, digest: chunk.digest } : change,
      chunk,
      kinds,
      pairs,
    };
    return {
      seen,
      record: { ...record, ...seen.change },
      at: now,
      isMore: isMore || (pending.length > 0 && pending[0]!.at + policy.latenessMs <= now.getTime()),
      ripeAt: pending.length > 0 ? pending[0]!.at + policy.latenessMs : null,
    };
  };
  return gather;
};

const chunkOf = (
  record: RolloutRecord,
  entries: readonly Entry[],
  { comparison, control, at }: Pick<RolloutRecord, 'comparison' | 'control'> & { at: string },
) => {
  const stated = { number: record.chunks + 1, at, requests: control.requests, packed: packEntries(entries) };
  return { ...stated, lastSeq: comparison.seq, facts: factsOf(comparison, control), digest: nextDigest(record.digest, stated) };
};
