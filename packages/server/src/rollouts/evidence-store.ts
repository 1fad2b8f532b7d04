import type { RolloutVerdict } from '@boucle/contract';
import type { Tx } from '../platform/index.ts';
import type { Facts } from './facts.ts';
import type { Control } from './stages.ts';

/** Evidence that one look weighed, in its order, and what it then said. */
export interface Chunk {
  readonly number: number;
  readonly lastSeq: number;
  readonly at: string;
  /** Live requests looked through so far. */
  readonly requests: number;
  /** The entries as they are stored, to the byte. */
  readonly packed: string;
  readonly facts: Facts;
  readonly digest: string;
}
/** A verdict with where the rollout stood after it. */
export interface VerdictRecord extends RolloutVerdict {
  /** How many chunks of evidence came before it. */
  readonly chunks: number;
  readonly control: Control;
}
export const presentVerdict = ({ number, kind, seq, at, by, message, facts, digest }: VerdictRecord): RolloutVerdict => ({
  number,
  kind,
  seq,
  at,
  by,
  message,
  facts,
  digest,
});
/** What both versions answered to the input of a live prediction. */
export interface Pair {
  readonly predictionId: string;
  readonly unit: string;
  readonly answers: { readonly candidate: unknown; readonly baseline: unknown };
}
type Tables = {
  rollout_evidence: {
    rollout_id: string;
    number: number;
    last_seq: number;
    at: string;
    requests: number;
    entries: string;
    facts: string;
    digest: string;
  };
  rollout_verdict: {
    rollout_id: string;
    number: number;
    kind: RolloutVerdict['kind'];
    seq: number;
    at: string;
    decided_by: string;
    message: string;
    facts: string;
    digest: string;
    chunks: number;
    control: string;
  };
  rollout_unit: { rollout_id: string; unit: string; kinds: number };
  rollout_pair: { rollout_id: string; prediction_id: string; unit: string; answers: string };
};
type ChunkRow = Tables['rollout_evidence'];
const chunkOf = (r: ChunkRow): Chunk => ({
  number: r.number,
  lastSeq: r.last_seq,
  at: r.at,
  requests: r.requests,
  packed: r.entries,
  facts: JSON.parse(r.facts) as Facts,
  digest: r.digest,
});
/** As many as one statement takes on both databases. */
const atOnce = 500;
const inParts = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / atOnce) }, (_, i) => items.slice(i * atOnce, (i + 1) * atOnce));

/** What a rollout has seen and said. Rows of evidence and verdicts are added and never changed. */
export const evidenceStore = (tx: Tx, rolloutId: string) => {
  const db = tx.withTables<Tables>();
  const chunks = db.selectFrom('rollout_evidence').selectAll().where('rollout_id', '=', rolloutId);
  return {
    addChunk: async (chunk: Chunk): Promise<void> => {
      const { number, lastSeq, at, requests, packed, facts, digest } = chunk;
      const row = { number, last_seq: lastSeq, at, requests, entries: packed, facts: JSON.stringify(facts), digest };
      await db
        .insertInto('rollout_evidence')
        .values({ rollout_id: rolloutId, ...row })
        .execute();
    },
    /** In their order, those after a number. */
    chunks: async (after: number, limit: number): Promise<Chunk[]> =>
      (await chunks.where('number', '>', after).orderBy('number').limit(limit).execute()).map(chunkOf),
    /** Those that hold evidence after a sequence number. */
    chunksAfter: async (seq: number, limit: number): Promise<Chunk[]> =>
      (await chunks.where('last_seq', '>', seq).orderBy('last_seq').orderBy('number').limit(limit).execute()).map(chunkOf),
    /** What was said along the way, every nth look and the last one. */
    thinned: async (every: number, last: number): Promise<Pick<Chunk, 'lastSeq' | 'at' | 'facts'>[]> => {
      const rows = await db
        .selectFrom('rollout_evidence')
        .select(['last_seq', 'at', 'facts'])
        .where('rollout_id', '=', rolloutId)
        .where((eb) => eb.or([eb(eb('number', '%', every), '=', 0), eb('number', '=', last)]))
        .orderBy('number')
        .execute();
      return rows.map((r) => ({ lastSeq: r.last_seq, at: r.at, facts: JSON.parse(r.facts) as Facts }));
    },
    addVerdict: async ({ control, by, ...verdict }: VerdictRecord): Promise<void> => {
      await db
        .insertInto('rollout_verdict')
        .values({
          rollout_id: rolloutId,
          ...verdict,
          decided_by: by,
          facts: JSON.stringify(verdict.facts),
          control: JSON.stringify(control),
        })
        .execute();
    },
    verdicts: async (): Promise<VerdictRecord[]> =>
      (await db.selectFrom('rollout_verdict').selectAll().where('rollout_id', '=', rolloutId).orderBy('number').execute()).map((r) => ({
        number: r.number,
        kind: r.kind,
        seq: r.seq,
        at: r.at,
        by: r.decided_by,
        message: r.message,
        facts: JSON.parse(r.facts) as RolloutVerdict['facts'],
        digest: r.digest,
        chunks: r.chunks,
        control: JSON.parse(r.control) as Control,
      })),
    /** The kinds of evidence that units have given, one bit each. */
    kindsOf: async (units: readonly string[]): Promise<Map<string, number>> => {
      const found = new Map<string, number>();
      for (const part of inParts(units)) {
        const rows = await db
          .selectFrom('rollout_unit')
          .select(['unit', 'kinds'])
          .where('rollout_id', '=', rolloutId)
          .where('unit', 'in', part)
          .execute();
        for (const { unit, kinds } of rows) found.set(unit, kinds);
      }
      return found;
    },
    setKinds: async (kinds: ReadonlyMap<string, number>): Promise<void> => {
      const rows = [...kinds].map(([unit, bits]) => ({ rollout_id: rolloutId, unit, kinds: bits }));
      for (const part of inParts(rows)) {
        await db
          .insertInto('rollout_unit')
          .values(part)
          .onConflict((c) => c.columns(['rollout_id', 'unit']).doUpdateSet((eb) => ({ kinds: eb.ref('excluded.kinds') })))
          .execute();
      }
    },
    addPairs: async (pairs: readonly Pair[]): Promise<void> => {
      const rows = pairs.map(({ predictionId, unit, answers }) => ({
        rollout_id: rolloutId,
        prediction_id: predictionId,
        unit,
        answers: JSON.stringify(answers),
      }));
      for (const part of inParts(rows)) await db.insertInto('rollout_pair').values(part).execute();
    },
    pairs: async (predictionIds: readonly string[]): Promise<Map<string, Pair>> => {
      const found = new Map<string, Pair>();
      for (const part of inParts(predictionIds)) {
        const rows = await db
          .selectFrom('rollout_pair')
          .selectAll()
          .where('rollout_id', '=', rolloutId)
          .where('prediction_id', 'in', part)
          .execute();
        for (const r of rows)
          found.set(r.prediction_id, { predictionId: r.prediction_id, unit: r.unit, answers: JSON.parse(r.answers) as Pair['answers'] });
      }
      return found;
    },
  };
};
