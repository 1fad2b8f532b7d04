import { aNewName } from '../proper-calls.ts';
import { maxUpload, project, type Stage } from '../stage.ts';
import { absent, badCursor, type RefusalsOf } from './refusal.ts';

export const trackingRefusals = (stage: Stage): RefusalsOf<'experiments' | 'runs'> => {
  const { client, disk } = stage;
  const { artifacts } = client.runs;
  const params = { project };
  const open = { ...params, runId: stage.runId };
  const gone = { ...params, runId: absent };
  const trained = { ...params, runId: stage.trainedRunId };
  const query = { path: 'notes/a.txt' };
  const put = (at: typeof open, path: string, data = 'x') => artifacts.put({ params: at, query: { path }, data });
  const log = (at: typeof open, loss: string) => client.runs.log({ params: at, body: { params: { [loss]: 'x' } } });
  return {
    experiments: {
      list: { invalid_request: ['unknown_cursor', () => client.experiments.list({ params, query: badCursor })] },
      create: { conflict: ['already_exists', () => client.experiments.create({ params, body: { name: 'Default' } })] },
    },
    runs: {
      create: {
        invalid_request: ['experiment_said_twice', () => client.runs.create({ params, body: { experiment: 'a', experimentId: '1' } })],
        not_found: [undefined, () => client.runs.create({ params, body: { experimentId: '999999' } })],
        conflict: [
          'idempotency_key_reused',
          async () => {
            const idempotencyKey = aNewName();
            await client.runs.create({ params, body: { name: 'one' } }, { idempotencyKey });
            await client.runs.create({ params, body: { name: 'two' } }, { idempotencyKey });
          },
        ],
      },
      get: { not_found: [undefined, () => client.runs.get({ params: gone })] },
      list: { invalid_request: ['unknown_cursor', () => client.runs.list({ params, query: badCursor })] },
      log: {
        invalid_request: ['bad_key', () => log(open, '../up')],
        not_found: [undefined, () => log(gone, 'lr')],
        conflict: [
          'param_changed',
          async () => {
            const lr = aNewName();
            for (const value of ['1', '2']) await client.runs.log({ params: open, body: { params: { [lr]: value } } });
          },
        ],
        failed_precondition: ['run_ended', () => log(trained, 'late')],
      },
      finish: {
        not_found: [undefined, () => client.runs.finish({ params: gone, body: { status: 'failed' } })],
        failed_precondition: ['run_ended', () => client.runs.finish({ params: trained, body: { status: 'failed' } })],
      },
      history: {
        invalid_request: ['unknown_cursor', () => client.runs.history({ params: open, query: { key: 'loss', ...badCursor } })],
        not_found: [undefined, () => client.runs.history({ params: gone, query: { key: 'loss' } })],
      },
      artifacts: {
        list: { not_found: [undefined, () => artifacts.list({ params: gone })] },
        put: {
          invalid_request: ['path_taken', () => put(open, 'notes')],
          not_found: [undefined, () => put(gone, 'a')],
          failed_precondition: ['run_ended', () => put(trained, 'late')],
          too_large: ['blob_too_large', () => put(open, 'large', 'x'.repeat(maxUpload + 1))],
          unavailable: ['disk_full', () => disk.whileFull(() => put(open, 'a'))],
        },
        get: {
          invalid_request: ['range_not_satisfiable', () => artifacts.get({ params: open, query }, { range: { start: 10 } })],
          not_found: [undefined, () => artifacts.get({ params: open, query: { path: 'nope' } })],
          failed_precondition: [
            'blob_lost',
            async () => {
              await stage.lose((await put(open, 'lost', 'soon gone')).blob);
              await artifacts.get({ params: open, query: { path: 'lost' } });
            },
          ],
        },
      },
      reproduce: {
        not_found: [undefined, () => client.runs.reproduce({ params: gone })],
        failed_precondition: ['not_reproducible', () => client.runs.reproduce({ params: open })],
      },
      reproduction: { not_found: [undefined, () => client.runs.reproduction({ params: { ...trained, pipelineRunId: absent } })] },
    },
  };
};
