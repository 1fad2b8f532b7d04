import { aNewName } from '../names.ts';
import { maxUpload, project, type Stage } from '../stage.ts';
import { badCursor, type RefusalsOf } from './refusal.ts';

export const datasetRefusals = ({ client, disk, lose }: Stage): RefusalsOf<'datasets'> => {
  const { versions } = client.datasets;
  const params = { project, dataset: 'examples' };
  const unknown = { project, dataset: 'unknown' };
  const none = { params: { ...params, number: 9 } };
  const send = (data: string, dataset = 'words') => versions.create({ params: { project, dataset }, query: {}, data });
  const lost = async (dataset = aNewName()) => {
    const { version } = await send(`text\n${aNewName()}\n`, dataset);
    await lose(version.blob);
    return { params: { project, dataset, number: version.number } };
  };
  return {
    datasets: {
      list: { invalid_request: ['unknown_cursor', () => client.datasets.list({ params: { project }, query: badCursor })] },
      versions: {
        create: {
          invalid_request: ['ragged_row', () => send('a,b\n1\n')],
          too_large: ['file_too_large', () => send(`a\n${'x'.repeat(maxUpload)}`)],
          unavailable: ['disk_full', () => disk.whileFull(() => send(`a\n${aNewName()}\n`))],
        },
        list: {
          invalid_request: ['unknown_cursor', () => versions.list({ params, query: badCursor })],
          not_found: [undefined, () => versions.list({ params: unknown, query: {} })],
        },
        get: { not_found: [undefined, () => versions.get(none)] },
        rows: {
          not_found: [undefined, () => versions.rows({ ...none, query: {} })],
          failed_precondition: ['blob_lost', async () => versions.rows({ ...(await lost()), query: {} })],
        },
        profile: {
          not_found: [undefined, () => versions.profile(none)],
          failed_precondition: ['blob_lost', async () => versions.profile(await lost())],
        },
        validation: {
          not_found: [undefined, () => versions.validation(none)],
          failed_precondition: ['blob_lost', async () => versions.validation(await lost('expected'))],
        },
        changes: {
          not_found: [undefined, () => versions.changes({ params: { ...params, number: 1 }, query: {} })],
          failed_precondition: [
            'blob_lost',
            async () => {
              const { params: of } = await lost();
              await send(`text\n${aNewName()}\n`, of.dataset);
              return versions.changes({ params: { ...of, number: 2 }, query: {} });
            },
          ],
        },
        file: {
          invalid_request: [
            'range_not_satisfiable',
            () => versions.file({ params: { ...params, number: 1 } }, { range: { start: 1_000_000 } }),
          ],
          not_found: [undefined, () => versions.file(none)],
          failed_precondition: ['blob_lost', async () => versions.file(await lost())],
        },
      },
    },
  };
};
