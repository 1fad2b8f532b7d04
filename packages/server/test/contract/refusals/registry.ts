import { treeDigest } from '@boucle/contract';
import { aNewName } from '../proper-calls.ts';
import { model, project, type Stage } from '../stage.ts';
import { badCursor, type RefusalsOf } from './refusal.ts';

export const registryRefusals = (stage: Stage): RefusalsOf<'models' | 'aliases'> => {
  const { client } = stage;
  const { versions } = client.models;
  const params = { project, model };
  const unknown = { project, model: 'unknown' };
  const first = { ...params, number: 1 };
  const create = (digest: string) => versions.create({ params: { ...params, model: aNewName() }, body: { digest } });
  const file = (path: string, start = 0) => versions.file({ params: first, query: { path } }, { range: { start } });
  return {
    models: {
      list: { invalid_request: ['unknown_cursor', () => client.models.list({ params: { project }, query: badCursor })] },
      get: { not_found: [undefined, () => client.models.get({ params: unknown })] },
      versions: {
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
