import { blobDigest } from '@boucle/contract';
import { maxUpload, project, type Stage } from '../stage.ts';
import { absent, type RefusalsOf } from './refusal.ts';

export const uploadRefusals = ({ client, disk, runId, trainedRunId }: Stage): RefusalsOf<'uploads'> => {
  const open = { project, runId };
  const { uploads } = client;
  const gone = { ...open, uploadId: absent };
  const begin = async (run = open) => ({ ...run, uploadId: (await uploads.begin({ params: run, body: { path: 'large/file' } })).id });
  const put = (params: typeof gone, data = 'x') => uploads.part({ params: { ...params, number: 1 }, data });
  const complete = (params: typeof gone) => uploads.complete({ params, body: {} });
  return {
    uploads: {
      begin: {
        invalid_request: ['bad_artifact_path', () => uploads.begin({ params: open, body: { path: 'a//b' } })],
        not_found: [undefined, () => uploads.begin({ params: { project, runId: absent }, body: { path: 'a' } })],
        failed_precondition: ['run_ended', () => begin({ project, runId: trainedRunId })],
      },
      get: { not_found: [undefined, () => uploads.get({ params: gone })] },
      part: {
        not_found: [undefined, () => put(gone)],
        failed_precondition: [
          'upload_ended',
          async () => {
            const upload = await begin();
            await put(upload);
            await complete(upload);
            await put(upload);
          },
        ],
        too_large: ['blob_too_large', async () => put(await begin(), 'x'.repeat(maxUpload + 1))],
        unavailable: [
          'disk_full',
          async () => {
            const upload = await begin();
            await disk.whileFull(() => put(upload));
          },
        ],
      },
      complete: {
        invalid_request: [
          'part_differs',
          async () => {
            const upload = await begin();
            await put(upload);
            await uploads.complete({ params: upload, body: { parts: [{ number: 1, digest: blobDigest('0'.repeat(64)) }] } });
          },
        ],
        not_found: [undefined, () => complete(gone)],
        failed_precondition: [
          'run_ended',
          async () => {
            const run = { project, runId: (await client.runs.create({ params: { project }, body: {} })).id };
            const upload = await begin(run);
            await put(upload);
            await client.runs.finish({ params: run, body: { status: 'finished' } });
            await complete(upload);
          },
        ],
        unavailable: [
          'disk_full',
          async () => {
            const upload = await begin();
            await put(upload);
            await disk.whileFull(() => complete(upload));
          },
        ],
      },
      abort: {},
    },
  };
};
