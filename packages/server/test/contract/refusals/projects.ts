import { blobDigest, treeDigest } from '@boucle/contract';
import { createSecrets, sealedStore } from '../../../src/platform/secrets/index.ts';
import { aConsumer, aManifest } from '../../../src/testing/a-manifest.ts';
import { aNewName } from '../names.ts';
import { maxUpload, project, type Stage } from '../stage.ts';
import { absent, badCursor, type RefusalsOf } from './refusal.ts';

export const projectRefusals = (stage: Stage): RefusalsOf<'projects' | 'manifests' | 'blobs' | 'secrets'> => {
  const { client, disk } = stage;
  const params = { project };
  const unknown = blobDigest('9'.repeat(64));
  const put = (data: string) => client.blobs.put({ params: { ...params, digest: unknown }, data });
  const get = (digest: string, start = 0) => client.blobs.get({ params: { ...params, digest } }, { range: { start } });
  const cyclic = { body: { manifest: aManifest({ project }, [aConsumer('a', 'b'), aConsumer('b', 'a')]) }, params };
  const withTree = (tree: string) => ({ body: { manifest: aManifest({ project, bundle: { ...stage.manifest.bundle, tree } }) }, params });
  const secret = (name = aNewName()) => ({ ...params, name });
  return {
    projects: {
      list: { invalid_request: ['unknown_cursor', () => client.projects.list({ query: badCursor })] },
      get: {},
      create: { conflict: ['already_exists', () => client.projects.create({ body: { name: project } })] },
    },
    manifests: {
      preview: {
        invalid_request: ['plan_cycle', () => client.manifests.preview(cyclic)],
        failed_precondition: [
          'damaged_blob',
          async () => {
            const tree = await stage.uploadTree([{ path: aNewName(), blob: await stage.upload('a file'), size: 6 }]);
            await stage.damage(tree);
            await client.manifests.preview(withTree(tree));
          },
        ],
      },
      apply: {
        invalid_request: ['plan_cycle', () => client.manifests.apply(cyclic)],
        failed_precondition: ['blobs_missing', () => client.manifests.apply(withTree(treeDigest('2'.repeat(64))))],
      },
      current: { not_found: ['no_manifest', () => client.manifests.current({ params: { project: 'default' } })] },
      get: { not_found: [undefined, () => client.manifests.get({ params: { ...params, manifestId: absent } })] },
    },
    blobs: {
      put: {
        invalid_request: ['digest_mismatch', () => put('other')],
        too_large: ['blob_too_large', () => put('x'.repeat(maxUpload + 1))],
        unavailable: ['disk_full', () => disk.whileFull(() => put('x'))],
      },
      get: {
        invalid_request: ['range_not_satisfiable', async () => get(await stage.upload('0123456789'), 10)],
        not_found: [undefined, () => get(unknown)],
        failed_precondition: [
          'blob_lost',
          async () => {
            const digest = await stage.upload('soon gone');
            await stage.lose(digest);
            await get(digest);
          },
        ],
      },
      missing: {},
    },
    secrets: {
      list: {},
      set: {
        invalid_request: ['secret_too_short', () => client.secrets.set({ params: secret(), body: { value: 'abc' } })],
        failed_precondition: [
          'key_file_missing',
          async () => {
            await client.secrets.set({ params: secret(), body: { value: 'sealed with a key' } });
            const keyless = await createSecrets({ store: sealedStore(stage.platform.db), keyFile: stage.platform.folder('no.key') });
            await stage.clientWith({ secrets: keyless }).secrets.set({ params: secret(), body: { value: 'sealed with none' } });
          },
        ],
      },
      remove: {
        invalid_request: [
          'secret_given',
          async () => {
            const given = await createSecrets({
              store: sealedStore(stage.platform.db),
              keyFile: stage.platform.folder('no.key'),
              env: { BOUCLE_SECRET_GIVEN: 'by the operator' },
            });
            await stage.clientWith({ secrets: given }).secrets.remove({ params: secret('given') });
          },
        ],
        not_found: [undefined, () => client.secrets.remove({ params: secret() })],
      },
    },
  };
};
