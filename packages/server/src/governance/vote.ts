import { AppError, type Approval } from '@boucle/contract';

export interface Vote {
  readonly by: string;
  readonly approve: boolean;
  readonly comment: string;
  readonly at: string;
}

/** The approval after somebody's vote: whoever refuses ends it, and it is given once as many different people agreed as were asked for. */
export const vote = (approval: Approval, cast: Vote): Approval => {
  const earlier = approval.votes.find(({ by }) => by === cast.by);
  // The same again says nothing new: a caller that repeats itself gets the answer once more.
  if (earlier?.approve === cast.approve) return approval;
  if (approval.status !== 'open') {
    throw new AppError('failed_precondition', `Approval ${approval.id} is ${approval.status} already: nothing more can be said to it`, {
      reason: 'approval_ended',
      details: { status: approval.status },
    });
  }
  if (earlier)
    throw new AppError('conflict', `${cast.by} has said ${earlier.approve ? 'yes' : 'no'} to it already: one person counts once`, {
      reason: 'voted_already',
    });
  if (cast.approve && approval.fourEyes && approval.authors.includes(cast.by)) {
    throw new AppError('permission_denied', `${cast.by} is an author of it, and it needs other eyes: let somebody else approve`, {
      reason: 'own_work',
      details: { authors: approval.authors },
    });
  }
  const given = approval.given + (cast.approve ? 1 : 0);
  const status = cast.approve ? (given >= approval.needed ? 'given' : 'open') : 'refused';
  return { ...approval, given, status, votes: [...approval.votes, cast], endedAt: status === 'open' ? null : cast.at };
};
