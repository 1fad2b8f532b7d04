import { isDeepStrictEqual } from 'node:util';
import { type BlobDigest, canonicalJson, type ColumnDistribution, type Expectation, type SchemaChanges } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import type { Projects } from '../projects/index.ts';
import { createKeptAnswers } from './kept-answers.ts';
import type { TableCalls } from './table-child.ts';
import type { createTableFiles } from './table-files.ts';
import type { StoredVersion } from './version-store.ts';

interface Parts {
  readonly child: TableCalls;
  readonly files: ReturnType<typeof createTableFiles>;
  readonly projects: Projects;
  readonly find: (project: ProjectRef, dataset: string, number: number) => Promise<StoredVersion>;
}
interface Named {
  readonly dataset: string;
  readonly number: number;
}

const limits = { wallMs: 600_000, memoryBytes: 2 * 2 ** 30, messageBytes: 64 * 2 ** 20 };

/** What is worked out about a version when somebody looks, once for each table: it does not change, so the answer stays true. */
export const versionFacts = ({ child, files, projects, find }: Parts) => {
  const kept = createKeptAnswers(64);
  const use = files.use;

  const compare = (before: BlobDigest, now: BlobDigest) =>
    kept(`changes ${before} ${now}`, () =>
      use(before, (first) => use(now, (second) => child.call('compare', { before: first, now: second }, { limits }))),
    );
  const check = (blob: BlobDigest, suite: readonly Expectation[]) =>
    kept(`validation ${blob} ${canonicalJson(suite)}`, () => use(blob, (file) => child.call('check', { file, suite }, { limits })));

  return {
    profile: async (project: ProjectRef, { dataset, number }: Named) => {
      const { blob, digest, rows } = await find(project, dataset, number);
      const columns = await kept<ColumnDistribution[]>(`profile ${blob}`, () =>
        use(blob, (file) => child.call('distribute', { file }, { limits })),
      );
      return { digest, rows, columns };
    },
    validation: async (project: ProjectRef, { dataset, number }: Named) => {
      const { blob } = await find(project, dataset, number);
      const manifest = await projects.manifests.inForce(project);
      const expected = manifest?.manifest.datasets.find(({ name }) => name === dataset)?.expect ?? [];
      return { expected, result: expected.length > 0 ? await check(blob, expected) : null };
    },
    changes: async (project: ProjectRef, { dataset, number, against = number - 1 }: Named & { readonly against?: number }) => {
      const now = await find(project, dataset, number);
      const before = await find(project, dataset, against);
      return {
        before: before.number,
        now: now.number,
        columns: schemaChanges(before, now),
        rows: isDeepStrictEqual(before.key, now.key) ? await compare(before.blob, now.blob) : null,
      };
    },
  };
};

const schemaChanges = (before: StoredVersion, now: StoredVersion): SchemaChanges => {
  const typeIn = ({ columns }: StoredVersion) => new Map(columns.map(({ name, type }) => [name, type]));
  const [was, is] = [typeIn(before), typeIn(now)];
  const alone = (some: ReadonlyMap<string, string>, others: ReadonlyMap<string, string>) =>
    [...some].flatMap(([name, type]) => (others.has(name) ? [] : [{ name, type }]));
  return {
    added: alone(is, was),
    removed: alone(was, is),
    changed: [...is].flatMap(([name, type]) => {
      const earlier = was.get(name);
      return earlier === undefined || earlier === type ? [] : [{ name, before: earlier, now: type }];
    }),
  };
};
