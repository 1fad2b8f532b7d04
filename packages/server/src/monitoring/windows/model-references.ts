import type { Prediction } from '@boucle/contract';
import type { ProjectRef } from '../../governance/index.ts';
import type { Db } from '../../platform/index.ts';
import { type ColumnKind, emptyReference, type Reference } from '../columns/column-reference.ts';
import { type Compiled, readable } from '../columns/part-counts.ts';
import { dictionaryOf, followedWords } from '../columns/text-counts.ts';
import { kindOf, type Learned, nothingLearned } from '../reference/learn.ts';
import type { ReferencesOf } from '../reference/references.ts';
import { monitorStore } from './monitor-store.ts';

interface Known {
  readonly given: Reference;
  learned: Learned;
  compiled: Compiled;
  isUnwritten: boolean;
}
const usualKinds: Readonly<Record<string, ColumnKind>> = { prediction: 'category', confidence: 'number' };
const fewVersions = 20;

/** What windows of one monitor are compared with, by model version: from tables, and from first windows where there are none. */
export const createModelReferences = (
  { db, references }: { db: Db; references: ReferencesOf },
  { project, monitorId, columns }: { project: ProjectRef; monitorId: string; columns: readonly string[] },
) => {
  const known = new Map<string, Known>();
  const effective = ({ given, learned }: Pick<Known, 'given' | 'learned'>): Reference => ({
    ...given,
    columns: { ...learned.references, ...given.columns },
  });
  const compile = (part: Pick<Known, 'given' | 'learned'>): Compiled => {
    const reference = effective(part);
    const kinds = columns.flatMap((name) => {
      const kind = reference.columns[name]?.kind ?? part.learned.kinds[name] ?? usualKinds[name];
      return kind ? [{ name, kind }] : [];
    });
    const dictionaries = Object.entries(reference.columns).flatMap(([name, column]) =>
      column.kind === 'text' && column.vocabulary ? [[name, dictionaryOf(column.vocabulary)] as const] : [],
    );
    return { reference, columns: kinds, dictionaries: new Map(dictionaries) };
  };
  const load = async (modelVersionId: string): Promise<Known> => {
    const given = await references.of(project, modelVersionId, columns);
    const held = await monitorStore(db.read).learned(monitorId, modelVersionId);
    const learned = held === undefined ? nothingLearned : (JSON.parse(held) as Learned);
    return { given, learned, compiled: compile({ given, learned }), isUnwritten: false };
  };
  const knownOf = async (modelVersionId: string): Promise<Known> => {
    const found = known.get(modelVersionId) ?? (await load(modelVersionId));
    known.set(modelVersionId, found);
    return found;
  };
  /** A column that no table tells of has the kind of the first value that is seen. */
  const lookAtKinds = (found: Known, { inputs, outcome }: Prediction): void => {
    if (outcome !== 'ok' || found.compiled.columns.length === columns.length) return;
    const row = readable(inputs);
    const kinds: Record<string, ColumnKind> = {};
    for (const name of columns) {
      const kind = found.compiled.columns.some((column) => column.name === name) ? undefined : kindOf([row?.[name]]);
      if (kind) kinds[name] = kind;
    }
    if (Object.keys(kinds).length === 0) return;
    found.learned = { ...found.learned, kinds: { ...found.learned.kinds, ...kinds } };
    found.compiled = compile(found);
    found.isUnwritten = true;
  };

  return {
    /** To count by. Without a model version there is nothing to compare with. */
    of: async (modelVersionId: string | null, record?: Prediction): Promise<Compiled> => {
      if (modelVersionId === null) return nobodys;
      const found = known.get(modelVersionId) ?? (await knownOf(modelVersionId));
      if (record) lookAtKinds(found, record);
      return found.compiled;
    },
    /** To judge by: a judgement shows words, but needs no more of them than were followed. */
    toJudge: async (modelVersionId: string): Promise<Reference> => {
      const { reference } = (await knownOf(modelVersionId)).compiled;
      const shortened = Object.entries(reference.columns).map(([name, column]) => {
        if (column.kind !== 'text' || !column.vocabulary) return [name, column] as const;
        const { words, counts, documents, ...rest } = column.vocabulary;
        const cut = <T>(list: readonly T[]): T[] => list.slice(0, followedWords);
        return [name, { ...column, vocabulary: { ...rest, words: cut(words), counts: cut(counts), documents: cut(documents) } }] as const;
      });
      return { ...reference, columns: Object.fromEntries(shortened) };
    },
    learnedOf: async (modelVersionId: string): Promise<Pick<Known, 'given' | 'learned'>> => knownOf(modelVersionId),
    /** Once it is written. */
    hasLearned: async (modelVersionId: string, learned: Learned): Promise<void> => {
      const found = await knownOf(modelVersionId);
      found.learned = learned;
      found.compiled = compile(found);
    },
    /** Kinds that were seen and are not kept yet. */
    unwritten: (): (readonly [modelVersionId: string, learned: string])[] =>
      [...known].flatMap(([id, found]) => (found.isUnwritten ? [[id, JSON.stringify(found.learned)] as const] : [])),
    written: (): void => {
      for (const found of known.values()) found.isUnwritten = false;
      if (known.size > fewVersions) known.clear();
    },
    forget: (): void => known.clear(),
  };
};
export type ModelReferences = ReturnType<typeof createModelReferences>;
const nobodys: Compiled = { reference: emptyReference, columns: [], dictionaries: new Map() };
