import type { Approval, Paging } from '@boucle/contract';
import { decodeCursor, pageOf, type Tx } from '../platform/index.ts';
import type { Subject } from './access.ts';
import type { ProjectRef } from './actor.ts';
import type { Vote } from './vote.ts';

interface ApprovalRow {
  id: string;
  project_id: string;
  subject_type: string;
  subject_id: string;
  message: string;
  needed: number;
  four_eyes: number;
  authors: string;
  status: Approval['status'];
  asked_by: string;
  asked_at: string;
  ended_at: string | null;
  correlation_id: string | null;
}
interface VoteRow {
  approval_id: string;
  by: string;
  approve: number;
  comment: string;
  at: string;
}
type Tables = { approval: ApprovalRow; approval_vote: VoteRow };

const fromRow = (r: ApprovalRow, project: ProjectRef, votes: readonly VoteRow[]): Approval => {
  const ours = votes.filter(({ approval_id }) => approval_id === r.id);
  return {
    id: r.id,
    project: project.name,
    subject: { project: project.name, type: r.subject_type, id: r.subject_id },
    message: r.message,
    status: r.status,
    needed: r.needed,
    given: ours.filter(({ approve }) => approve === 1).length,
    fourEyes: r.four_eyes === 1,
    authors: JSON.parse(r.authors) as string[],
    votes: ours.map(({ by, approve, comment, at }) => ({ by, approve: approve === 1, comment, at })),
    askedBy: r.asked_by,
    askedAt: r.asked_at,
    endedAt: r.ended_at,
    correlationId: r.correlation_id,
  };
};

export const approvalStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  const withVotes = async (rows: readonly ApprovalRow[], project: ProjectRef): Promise<(row: ApprovalRow) => Approval> => {
    const ids = rows.map(({ id }) => id);
    const votes =
      ids.length === 0
        ? []
        : await db.selectFrom('approval_vote').selectAll().where('approval_id', 'in', ids).orderBy('at').orderBy('by').execute();
    return (row) => fromRow(row, project, votes);
  };
  const first = async (project: ProjectRef, row: ApprovalRow | undefined): Promise<Approval | undefined> =>
    row && (await withVotes([row], project))(row);

  return {
    /** Nothing where the same thing was asked about before. */
    insert: async (projectId: string, approval: Approval): Promise<boolean> => {
      const row = await db
        .insertInto('approval')
        .values({
          id: approval.id,
          project_id: projectId,
          subject_type: approval.subject.type,
          subject_id: approval.subject.id,
          message: approval.message,
          needed: approval.needed,
          four_eyes: approval.fourEyes ? 1 : 0,
          authors: JSON.stringify(approval.authors),
          status: approval.status,
          asked_by: approval.askedBy,
          asked_at: approval.askedAt,
          ended_at: approval.endedAt,
          correlation_id: approval.correlationId,
        })
        .onConflict((c) => c.columns(['project_id', 'subject_type', 'subject_id']).doNothing())
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },
    find: async (project: ProjectRef, id: string): Promise<Approval | undefined> =>
      first(
        project,
        await db.selectFrom('approval').selectAll().where('project_id', '=', project.id).where('id', '=', id).executeTakeFirst(),
      ),
    of: async (project: ProjectRef, { type, id }: Subject): Promise<Approval | undefined> =>
      first(
        project,
        await db
          .selectFrom('approval')
          .selectAll()
          .where('project_id', '=', project.id)
          .where('subject_type', '=', type)
          .where('subject_id', '=', id)
          .executeTakeFirst(),
      ),
    /** The row waits for this write's end, so that two votes do not cross. */
    lock: async (project: ProjectRef, id: string): Promise<void> => {
      await db
        .updateTable('approval')
        .set((eb) => ({ status: eb.ref('status') }))
        .where('project_id', '=', project.id)
        .where('id', '=', id)
        .execute();
    },
    vote: async (approvalId: string, { by, approve, comment, at }: Vote): Promise<void> => {
      await db
        .insertInto('approval_vote')
        .values({ approval_id: approvalId, by, approve: approve ? 1 : 0, comment, at })
        .execute();
    },
    setStatus: async (id: string, status: Approval['status'], endedAt: string | null): Promise<void> => {
      await db.updateTable('approval').set({ status, ended_at: endedAt }).where('id', '=', id).where('status', '=', 'open').execute();
    },
    list: async (project: ProjectRef, { limit, cursor, status }: Paging & { status?: Approval['status'] }) => {
      let query = db
        .selectFrom('approval')
        .selectAll()
        .where('project_id', '=', project.id)
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (status !== undefined) query = query.where('status', '=', status);
      if (cursor !== undefined) query = query.where('id', '<', decodeCursor(cursor, ['string'])[0]);
      const rows = await query.execute();
      return pageOf(rows, limit, { item: await withVotes(rows, project), at: ({ id }) => [id] });
    },
  };
};
