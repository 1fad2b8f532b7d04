import { hexOf, treeDigest } from '@boucle/contract';
import { aNewName } from '../names.ts';
import { endpoint, model, project, type Stage } from '../stage.ts';
import { badCursor, type RefusalsOf } from './refusal.ts';

export const registryRefusals = (stage: Stage): RefusalsOf<'models' | 'aliases'> => {
  const { client } = stage;
  const { versions } = client.models;
  const params = { project, model };
  const unknown = { project, model: 'unknown' };
  const first = { ...params, number: 1 };
  const absent = { ...params, number: 99_999 };
  const badTags = { 'a//b': 'c' };
  const create = (digest: string) => versions.create({ params: { ...params, model: aNewName() }, body: { digest } });
  const file = (path: string, start = 0) => versions.file({ params: first, query: { path } }, { range: { start } });
  const explain = (more: { label?: string }, number = 1) =>
    versions.explain({ params: { ...params, number }, body: { columns: { text: ['flight 7 was late'] }, ...more } });
  return {
    models: {
      search: { invalid_request: ['bad_filter', () => client.models.search({ params: { project }, body: { filter: 'name =' } })] },
      create: {
        invalid_request: ['bad_key', () => client.models.create({ params: { project }, body: { name: aNewName(), tags: badTags } })],
        conflict: ['already_exists', () => client.models.create({ params: { project }, body: { name: model } })],
      },
      update: {
        not_found: [undefined, () => client.models.update({ params: unknown, body: { description: 'none' } })],
        conflict: [
          'already_exists',
          async () => {
            const { name } = await client.models.create({ params: { project }, body: { name: aNewName() } });
            await client.models.update({ params: { project, model: name }, body: { name: model } });
          },
        ],
      },
      remove: { not_found: [undefined, () => client.models.remove({ params: unknown })] },
      tags: {
        set: {
          invalid_request: ['bad_key', () => client.models.tags.set({ params, body: { tags: badTags } })],
          not_found: [undefined, () => client.models.tags.set({ params: unknown, body: { tags: { a: 'b' } } })],
        },
        remove: { not_found: [undefined, () => client.models.tags.remove({ params: unknown, query: { key: 'a' } })] },
      },
      list: { invalid_request: ['unknown_cursor', () => client.models.list({ params: { project }, query: badCursor })] },
      get: { not_found: [undefined, () => client.models.get({ params: unknown })] },
      versions: {
        search: { invalid_request: ['bad_filter', () => versions.search({ params: { project }, body: { filter: 'name =' } })] },
        update: { not_found: ['unknown_version', () => versions.update({ params: absent, body: { description: 'none' } })] },
        remove: { not_found: ['unknown_version', () => versions.remove({ params: absent })] },
        stage: {
          invalid_request: ['bad_stage', () => versions.stage({ params: first, body: { stage: 'archived', archiveOthers: true } })],
          not_found: ['unknown_version', () => versions.stage({ params: absent, body: { stage: 'staging' } })],
        },
        tags: {
          set: {
            invalid_request: ['bad_key', () => versions.tags.set({ params: first, body: { tags: badTags } })],
            not_found: ['unknown_version', () => versions.tags.set({ params: absent, body: { tags: { a: 'b' } } })],
          },
          remove: { not_found: ['unknown_version', () => versions.tags.remove({ params: absent, query: { key: 'a' } })] },
        },
        list: {
          invalid_request: ['unknown_cursor', () => versions.list({ params, query: badCursor })],
          not_found: [undefined, () => versions.list({ params: unknown, query: {} })],
        },
        get: { not_found: [undefined, () => versions.get({ params: { ...params, number: 9 } })] },
        create: {
          invalid_request: ['bad_tree', async () => create(treeDigest((await stage.upload('no listing')).slice(5)))],
          not_found: [undefined, () => create(treeDigest('9'.repeat(64)))],
          failed_precondition: ['damaged_package', async () => create(await stage.uploadTree([]))],
        },
        gates: { not_found: [undefined, () => versions.gates({ params: first, query: { endpoint: 'never-judged' } })] },
        judge: {
          not_found: [undefined, () => versions.judge({ params: first, body: { endpoint: 'undeclared' } })],
          failed_precondition: ['no_gates', () => versions.judge({ params: first, body: { endpoint } })],
        },
        explain: {
          invalid_request: ['unknown_label', () => explain({ label: 'never heard of' })],
          not_found: ['unknown_version', () => explain({}, 9)],
          failed_precondition: ['damaged_package', async () => explain({}, await aDamagedVersion(stage))],
          unavailable: ['explanations_busy', () => Promise.all(Array.from({ length: 40 }, () => explain({})))],
        },
        file: {
          invalid_request: ['range_not_satisfiable', () => file('MLmodel', 1_000_000)],
          not_found: [undefined, () => file('nope')],
          failed_precondition: [
            'blob_lost',
            async () => {
              const entries = await stage.blobs.tree(treeDigest(stage.modelVersion.digest.slice(5)));
              const { blob } = entries.find(({ path }) => path === 'MLmodel')!;
              const bytes = await stage.blobs.readBytes(blob);
              await stage.lose(blob);
              try {
                await file('MLmodel');
              } finally {
                await stage.blobs.putBytes(bytes);
              }
            },
          ],
        },
      },
    },
    aliases: {
      set: {
        invalid_request: ['reserved_alias', () => client.aliases.set({ params: { ...params, alias: 'latest' }, body: { number: 1 } })],
        not_found: ['unknown_version', () => client.aliases.set({ params: { ...params, alias: 'best' }, body: { number: 9 } })],
      },
      remove: { not_found: ['unknown_alias', () => client.aliases.remove({ params: { ...params, alias: 'nobody' } })] },
    },
  };
};

/** A version whose weights have the digest that the package says, and are none; that shows when it is loaded. */
const aDamagedVersion = async (stage: Stage): Promise<number> => {
  const entries = await stage.blobs.tree(treeDigest(stage.modelVersion.digest.slice(5)));
  const entryOf = (path: string) => entries.find((entry) => entry.path === path)!;
  const weights = await stage.upload(`no weights ${aNewName()}`);
  const sums = await stage.blobs.readText(entryOf('SHA256SUMS').blob);
  const changed = new Map([
    ['weights.bin', weights],
    ['SHA256SUMS', await stage.upload(sums.replace(hexOf(entryOf('weights.bin').blob), hexOf(weights)))],
  ]);
  const damaged = entries.map(async (entry) => {
    const blob = changed.get(entry.path);
    return blob ? { ...entry, blob, size: (await stage.blobs.readBytes(blob)).length } : entry;
  });
  const digest = await stage.uploadTree(await Promise.all(damaged));
  const { number } = await stage.client.models.versions.create({ params: { project, model }, body: { digest } });
  return number;
};
