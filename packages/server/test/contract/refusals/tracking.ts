import { aNewName } from '../names.ts';
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
  const left = { ...params, runId: stage.deletedRunId };
  const active = { ...params, experimentId: stage.experimentId };
  const deleted = { ...params, experimentId: stage.deletedExperimentId };
  const nowhere = { ...params, experimentId: '999999' };
  const tags = { a: 'b' };
  const badTags = { 'a//b': 'c' };
  const log = (at: typeof open, loss: string) => client.runs.log({ params: at, body: { params: { [loss]: 'x' } } });
  return {
    experiments: {
      search: { invalid_request: ['bad_filter', () => client.experiments.search({ params, body: { filter: 'name =' } })] },
      list: { invalid_request: ['unknown_cursor', () => client.experiments.list({ params, query: badCursor })] },
      get: { not_found: [undefined, () => client.experiments.get({ params: nowhere })] },
      create: {
        invalid_request: ['bad_key', () => client.experiments.create({ params, body: { name: aNewName(), tags: badTags } })],
        conflict: ['already_exists', () => client.experiments.create({ params, body: { name: 'Default' } })],
      },
      update: {
        not_found: [undefined, () => client.experiments.update({ params: nowhere, body: { name: 'a' } })],
        conflict: ['already_exists', () => client.experiments.update({ params: active, body: { name: 'Default' } })],
        failed_precondition: ['experiment_deleted', () => client.experiments.update({ params: deleted, body: { name: 'a' } })],
      },
      remove: { not_found: [undefined, () => client.experiments.remove({ params: nowhere })] },
      restore: { not_found: [undefined, () => client.experiments.restore({ params: nowhere })] },
      purge: {
        not_found: [undefined, () => client.experiments.purge({ params: nowhere })],
        failed_precondition: ['not_deleted', () => client.experiments.purge({ params: active })],
      },
      tags: {
        set: {
          invalid_request: ['bad_key', () => client.experiments.tags.set({ params: active, body: { tags: badTags } })],
          not_found: [undefined, () => client.experiments.tags.set({ params: nowhere, body: { tags } })],
          failed_precondition: ['experiment_deleted', () => client.experiments.tags.set({ params: deleted, body: { tags } })],
        },
        remove: {
          not_found: [undefined, () => client.experiments.tags.remove({ params: active, query: { key: 'absent' } })],
          failed_precondition: ['experiment_deleted', () => client.experiments.tags.remove({ params: deleted, query: { key: 'a' } })],
        },
      },
    },
    runs: {
      search: { invalid_request: ['bad_filter', () => client.runs.search({ params, body: { filter: 'metrics.loss < small' } })] },
      count: { invalid_request: ['bad_filter', () => client.runs.count({ params, body: { filter: 'metrics.loss < small' } })] },
      keys: { invalid_request: ['unknown_cursor', () => client.runs.keys({ params, query: { kind: 'metric', ...badCursor } })] },
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
        failed_precondition: [
          'experiment_deleted',
          () => client.runs.create({ params, body: { experimentId: stage.deletedExperimentId } }),
        ],
      },
      update: {
        not_found: [undefined, () => client.runs.update({ params: gone, body: { name: 'a' } })],
        failed_precondition: ['run_deleted', () => client.runs.update({ params: left, body: { name: 'a' } })],
      },
      remove: { not_found: [undefined, () => client.runs.remove({ params: gone })] },
      restore: {
        not_found: [undefined, () => client.runs.restore({ params: gone })],
        failed_precondition: ['experiment_deleted', () => client.runs.restore({ params: left })],
      },
      purge: {
        not_found: [undefined, () => client.runs.purge({ params: gone })],
        failed_precondition: ['not_deleted', () => client.runs.purge({ params: open })],
      },
      tags: {
        set: {
          invalid_request: ['bad_key', () => client.runs.tags.set({ params: open, body: { tags: badTags } })],
          not_found: [undefined, () => client.runs.tags.set({ params: gone, body: { tags } })],
          failed_precondition: ['run_deleted', () => client.runs.tags.set({ params: left, body: { tags } })],
        },
        remove: {
          invalid_request: ['tag_reserved', () => client.runs.tags.remove({ params: open, query: { key: 'mlflow.runName' } })],
          not_found: [undefined, () => client.runs.tags.remove({ params: open, query: { key: 'absent' } })],
          failed_precondition: ['run_deleted', () => client.runs.tags.remove({ params: left, query: { key: 'a' } })],
        },
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
      chart: {
        invalid_request: ['empty_range', () => client.runs.chart({ params, query: { runs: stage.runId, key: 'loss', from: 2, to: 1 } })],
        not_found: [undefined, () => client.runs.chart({ params, query: { runs: `${stage.runId},${absent}`, key: 'loss' } })],
      },
      artifacts: {
        list: {
          invalid_request: ['unknown_cursor', () => artifacts.list({ params: open, query: badCursor })],
          not_found: [undefined, () => artifacts.list({ params: gone, query: {} })],
        },
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
