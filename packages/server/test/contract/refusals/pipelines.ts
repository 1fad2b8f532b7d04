import { aNewName } from '../proper-calls.ts';
import { project, type Stage } from '../stage.ts';
import { absent, badCursor, type RefusalsOf } from './refusal.ts';

export const pipelineRefusals = (stage: Stage): RefusalsOf<'pipelines' | 'pipelineRuns' | 'stepRuns'> => {
  const { client, disk } = stage;
  const params = { project, pipeline: 'training' };
  const ended = { project, pipelineRunId: stage.pipelineRun.id };
  const none = { project, pipelineRunId: absent };
  const noStep = { project, stepRunId: absent };
  return {
    pipelines: {
      list: { not_found: ['no_manifest', () => client.pipelines.list({ params: { project: 'default' } })] },
      run: {
        invalid_request: ['unknown_param', () => client.pipelines.run({ params, body: { params: { sead: 1 } } })],
        not_found: ['unknown_pipeline', () => client.pipelines.run({ params: { project, pipeline: 'unknown' }, body: {} })],
        conflict: [
          'idempotency_key_reused',
          async () => {
            const idempotencyKey = aNewName();
            const { id } = await client.pipelines.run({ params, body: {} }, { idempotencyKey });
            await stage.untilEnded(id);
            await client.pipelines.run({ params, body: { salt: 'another' } }, { idempotencyKey });
          },
        ],
        unavailable: ['disk_full', () => disk.whileFull(() => client.pipelines.run({ params, body: {} }))],
      },
    },
    pipelineRuns: {
      list: { invalid_request: ['unknown_cursor', () => client.pipelineRuns.list({ params: { project }, query: badCursor })] },
      get: { not_found: [undefined, () => client.pipelineRuns.get({ params: none })] },
      cancel: {
        not_found: [undefined, () => client.pipelineRuns.cancel({ params: none })],
        failed_precondition: ['run_ended', () => client.pipelineRuns.cancel({ params: ended })],
      },
    },
    stepRuns: {
      get: { not_found: [undefined, () => client.stepRuns.get({ params: noStep })] },
      why: { not_found: [undefined, () => client.stepRuns.why({ params: noStep })] },
      log: { not_found: [undefined, () => client.stepRuns.log({ params: noStep, query: {} })] },
    },
  };
};
