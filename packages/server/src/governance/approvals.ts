import { type Approval, notFound, type Paging } from '@boucle/contract';
import { type Clock, type Db, type Events, newId, type Tx } from '../platform/index.ts';
import type { Subject } from './access.ts';
import type { Actor, ProjectRef } from './actor.ts';
import { approvalStore } from './approval-store.ts';
import { vote } from './vote.ts';

interface Question {
  readonly actor: Actor;
  /** Asked about once: the same subject again gets the same approval. */
  readonly subject: Subject;
  readonly needed: number;
  readonly fourEyes: boolean;
  readonly message: string;
  /** Who may not approve with four eyes; the one who asks unless said. */
  readonly authors?: readonly string[];
  readonly correlationId?: string | null;
}

/** People agree to something, or do not: with who and when. What it is about is not known here. */
export const createApprovals = ({ db, events, clock }: { db: Db; events: Events; clock: Clock }) => {
  const requireApproval = async (tx: Tx, project: ProjectRef, id: string): Promise<Approval> => {
    const found = await approvalStore(tx).find(project, id);
    if (!found) throw notFound('approval', id);
    return found;
  };

  return {
    /** In the write of whoever waits for it. */
    ask: async (tx: Tx, { actor, subject, needed, fourEyes, message, authors, correlationId = null }: Question): Promise<Approval> => {
      const { project } = actor;
      const approval: Approval = {
        id: newId(),
        project: project.name,
        subject: { project: project.name, ...subject },
        message,
        status: 'open',
        needed,
        given: 0,
        fourEyes,
        authors: [...(authors ?? [actor.id])],
        votes: [],
        askedBy: actor.id,
        askedAt: clock.now().toISOString(),
        endedAt: null,
        correlationId,
      };
      if (!(await approvalStore(tx).insert(project.id, approval))) return (await approvalStore(tx).of(project, subject))!;
      await events.record(tx, {
        type: 'approval.asked',
        project,
        subject: { type: 'approval', id: approval.id },
        actor: actor.id,
        correlationId,
        data: { approvalId: approval.id, subject: `${subject.type} ${subject.id}`, needed, message },
      });
      return approval;
    },
    decide: (actor: Actor, id: string, { approve, comment }: { approve: boolean; comment: string }): Promise<Approval> =>
      db.write(async (tx) => {
        const { project } = actor;
        const approvals = approvalStore(tx);
        await approvals.lock(project, id);
        const before = await requireApproval(tx, project, id);
        const cast = { by: actor.id, approve, comment, at: clock.now().toISOString() };
        const after = vote(before, cast);
        if (after === before) return before;
        await approvals.vote(id, cast);
        if (after.status !== before.status) await approvals.setStatus(id, after.status, after.endedAt);
        const about = `${after.subject.type} ${after.subject.id}`;
        const news = { project, subject: { type: 'approval', id }, actor: actor.id, correlationId: after.correlationId };
        if (approve) {
          const { given, needed } = after;
          await events.record(tx, { ...news, type: 'approval.given', data: { approvalId: id, subject: about, given, needed, comment } });
        } else await events.record(tx, { ...news, type: 'approval.refused', data: { approvalId: id, subject: about, comment } });
        return after;
      }),
    /** What was asked for goes on no more: an open question is taken back, in the write that ends it. */
    withdraw: async (tx: Tx, project: ProjectRef, subject: Subject): Promise<void> => {
      const found = await approvalStore(tx).of(project, subject);
      if (found?.status !== 'open') return;
      await approvalStore(tx).setStatus(found.id, 'withdrawn', clock.now().toISOString());
    },
    /** Of a subject; in the write that decides by it, hand that write's tx. */
    of: (project: ProjectRef, subject: Subject, tx: Tx = db.read): Promise<Approval | undefined> => approvalStore(tx).of(project, subject),
    get: (project: ProjectRef, id: string): Promise<Approval> => requireApproval(db.read, project, id),
    list: (project: ProjectRef, query: Paging & { status?: Approval['status'] }) => approvalStore(db.read).list(project, query),
  };
};
export type Approvals = ReturnType<typeof createApprovals>;
