import { aNewName } from '../names.ts';
import { project, type Stage } from '../stage.ts';
import { absent, badCursor, type RefusalsOf } from './refusal.ts';

export const pipelineRefusals = (stage: Stage): RefusalsOf<'pipelines' | 'pipelineRuns' | 'stepRuns' | 'triggers'> => {
  const { client, disk } = stage;
  const params = { project, pipeline: 'training' };
  const ended = { project, pipelineRunId: stage.pipelineRun.id };
  const none = { project, pipelineRunId: absent };
  const noStep = { project, stepRunId: absent };
  const backfill = (pipeline: string, from = '2026-01-01T00:00:00.000Z') =>
    client.pipelines.backfill({ params: { project, pipeline }, body: { from, to: '2026-01-01T12:00:00.000Z', dryRun: true } });
  const fire = (name: string, given: Record<string, unknown> = {}, idempotencyKey = aNewName()) =>
    client.triggers.fire({ params: { project, name }, body: { params: given } }, { idempotencyKey });
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
      backfill: {
        invalid_request: ['bad_period', () => backfill('nightly', '2026-01-02T00:00:00.000Z')],
        not_found: ['unknown_pipeline', () => backfill('unknown')],
        failed_precondition: ['no_schedule', () => backfill('training')],
      },
    },
    triggers: {
      list: {},
      fire: {
        invalid_request: ['unknown_param', () => fire('from-outside', { sead: 1 })],
        not_found: ['unknown_trigger', () => fire('unknown')],
        conflict: [
          'idempotency_key_reused',
          async () => {
            const idempotencyKey = aNewName();
            const { id } = await fire('from-outside', {}, idempotencyKey);
            await stage.untilEnded(id);
            await fire('from-outside', { seed: 8 }, idempotencyKey);
          },
        ],
        unavailable: ['disk_full', () => disk.whileFull(() => fire('from-outside'))],
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
