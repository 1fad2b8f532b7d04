import { createHash } from 'node:crypto';
import type { EvaluationRecord, GivenRecord, JsonObject, Kind, Kinds, RecordFields } from './evaluation-dataset.ts';
import { canonicalJson, exactJson } from './exact-json.ts';

export interface Merge {
  /** Those that are new or another than before, by what names them. */
  readonly changed: ReadonlyMap<string, EvaluationRecord>;
  readonly inserted: number;
  readonly updated: number;
}
export interface MergeInto {
  readonly datasetId: string;
  /** By what names them: those at least that the given ones meet. */
  readonly existing: ReadonlyMap<string, EvaluationRecord>;
  readonly now: number;
  readonly newId: () => string;
}

/** What names a record: its inputs, in whatever order they are written. */
export const hashOf = (inputs: JsonObject): string => createHash('sha256').update(canonicalJson(inputs)).digest('hex');

/** One after the other: later outputs stand for earlier ones, expectations and tags are added key by key. */
export const mergeRecords = (given: readonly GivenRecord[], { datasetId, existing, now, newId }: MergeInto): Merge => {
  const changed = new Map<string, EvaluationRecord>();
  let inserted = 0;
  for (const one of given) {
    const hash = hashOf(one.inputs);
    const before = changed.get(hash) ?? existing.get(hash);
    if (!before) inserted += 1;
    const after = before ? merged(before, one, now) : { ...fresh(one, now), id: newId(), datasetId };
    changed.set(hash, after);
  }
  // Only the last word counts: what was said otherwise in between has changed nothing.
  for (const [hash, after] of changed) if (isSame(existing.get(hash), after)) changed.delete(hash);
  return { changed, inserted, updated: given.length - inserted };
};

const fresh = ({ inputs, outputs = {}, expectations, tags, source, by }: GivenRecord, now: number) => ({
  inputs: JSON.stringify(inputs),
  outputs: textOf(outputs),
  expectations: textOf(expectations),
  tags: JSON.stringify(tags ?? {}),
  source,
  createdAt: now,
  updatedAt: now,
  createdBy: by,
  updatedBy: by,
});
const merged = (before: EvaluationRecord, { outputs, expectations, tags, by }: GivenRecord, now: number): EvaluationRecord => ({
  ...before,
  outputs: outputs === undefined ? before.outputs : textOf(outputs),
  expectations: expectations === null ? before.expectations : added(before.expectations, expectations),
  tags: tags === null ? before.tags : added(before.tags, tags),
  updatedAt: now,
  updatedBy: by ?? before.updatedBy,
});
const isSame = (before: EvaluationRecord | undefined, after: EvaluationRecord): boolean =>
  before !== undefined && (['outputs', 'expectations', 'tags', 'updatedBy'] as const).every((part) => after[part] === before[part]);
const textOf = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
const added = (before: string | null, more: JsonObject): string =>
  JSON.stringify({ ...(before === null ? {} : (exactJson(before) as JsonObject)), ...more });

/** A field keeps the kind that it had first. */
export const fieldsWith = (before: RecordFields | null, given: readonly GivenRecord[]): RecordFields | null =>
  given.reduce<RecordFields | null>((fields, { inputs, outputs, expectations }) => {
    const known = fields ?? { inputs: {}, outputs: {}, expectations: {} };
    return {
      inputs: kindsWith(known.inputs, inputs),
      outputs: outputKinds(known.outputs, outputs),
      expectations: kindsWith(known.expectations, expectations ?? {}),
    };
  }, before);
const outputKinds = (known: Kinds | Kind, outputs: unknown): Kinds | Kind => {
  if (outputs === undefined || outputs === null || typeof known === 'string') return known;
  const kind = kindOf(outputs);
  if (kind === 'object') return kindsWith(known, outputs as JsonObject);
  return Object.keys(known).length > 0 ? known : kind;
};
const kindsWith = (known: Kinds, value: JsonObject): Kinds => {
  const more = Object.keys(value).filter((key) => !Object.hasOwn(known, key));
  return more.length === 0 ? known : { ...known, ...Object.fromEntries(more.map((key) => [key, kindOf(value[key])])) };
};
const kindOf = (value: unknown): Kind => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'object' && !JSON.isRawJSON(value)) return 'object';
  if (typeof value === 'boolean' || typeof value === 'string') return typeof value as 'boolean' | 'string';
  return /^-?\d+$/.test(JSON.stringify(value)) ? 'integer' : 'float';
};
