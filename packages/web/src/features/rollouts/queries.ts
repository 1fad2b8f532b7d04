import type { Rollout } from '@boucle/contract';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../../app/client.ts';
import { projectKey } from '../../live/queries.ts';

export const rolloutsQuery = (project: string) =>
  queryOptions({
    queryKey: [...projectKey(project), 'rollouts'],
    queryFn: ({ signal }) => client.rollouts.list({ params: { project }, query: { limit: 100 } }, { signal }),
  });

export const rolloutQuery = (project: string, rolloutId: string) =>
  queryOptions({
    queryKey: [...projectKey(project), 'rollout', rolloutId],
    queryFn: ({ signal }) => client.rollouts.get({ params: { project, rolloutId } }, { signal }),
  });

export const approvalQuery = (project: string, approvalId: string) =>
  queryOptions({
    queryKey: [...projectKey(project), 'approval', approvalId],
    queryFn: ({ signal }) => client.approvals.get({ params: { project, approvalId } }, { signal }),
  });

export type ByHand = 'pause' | 'resume' | 'promote' | 'rollBack';
export const actByHand = (act: ByHand, { project, id }: Rollout, reason: string): Promise<Rollout> =>
  client.rollouts[act]({ params: { project, rolloutId: id }, body: { reason } });
