import { startWaiting, waiting } from '../a-rollout.ts';
import { endpoint, model, project, type Stage } from '../stage.ts';
import { absent, badCursor, type RefusalsOf } from './refusal.ts';

export const rolloutRefusals = (stage: Stage): RefusalsOf<'rollouts'> => {
  const { client } = stage;
  const { rollouts } = client;
  const none = { project, rolloutId: absent };
  const body = { reason: 'to see what happens' };
  const start = (more: object) => rollouts.start({ params: { project, endpoint }, body: more });
  const one = async () => ({ project, rolloutId: (await startWaiting(stage)).id });
  const ended = async () => {
    const params = await one();
    await rollouts.rollBack({ params, body });
    return params;
  };
  return {
    rollouts: {
      list: { invalid_request: ['unknown_cursor', () => rollouts.list({ params: { project }, query: badCursor })] },
      get: { not_found: [undefined, () => rollouts.get({ params: none })] },
      start: {
        invalid_request: ['bad_model_reference', () => start({ model: 'texts' })],
        not_found: ['unknown_alias', () => start({ model: 'texts@nobody' })],
        failed_precondition: ['already_deployed', () => start({ model: `${model}/1` })],
        conflict: [
          'rollout_under_way',
          async () => {
            const input = waiting();
            await rollouts.start(input);
            await rollouts.start(input);
          },
        ],
      },
      pause: {
        not_found: [undefined, () => rollouts.pause({ params: none, body })],
        failed_precondition: ['rollout_ended', async () => rollouts.pause({ params: await ended(), body })],
      },
      resume: {
        not_found: [undefined, () => rollouts.resume({ params: none, body })],
        failed_precondition: ['not_paused', async () => rollouts.resume({ params: await one(), body })],
      },
      promote: {
        not_found: [undefined, () => rollouts.promote({ params: none, body })],
        failed_precondition: ['not_routed', async () => rollouts.promote({ params: await one(), body })],
      },
      rollBack: {
        not_found: [undefined, () => rollouts.rollBack({ params: none, body })],
        failed_precondition: ['rollout_ended', async () => rollouts.rollBack({ params: await ended(), body })],
      },
      evidence: {
        invalid_request: ['unknown_cursor', () => rollouts.evidence({ params: { project, rolloutId: stage.rolloutId }, query: badCursor })],
        not_found: [undefined, () => rollouts.evidence({ params: none, query: {} })],
      },
      verify: { not_found: [undefined, () => rollouts.verify({ params: none })] },
    },
  };
};
