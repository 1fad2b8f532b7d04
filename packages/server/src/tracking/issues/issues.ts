import { invalid, notFound, parseFilter } from '@boucle/contract';
import type { Actor, ProjectRef } from '../../governance/index.ts';
import { type Clock, type Db, newId, readToken, tokenOf, type Tx } from '../../platform/index.ts';
import { type Experiments, requireActive } from '../experiments.ts';
import { requireThere } from '../standing.ts';
import { issueFields } from './issue-fields.ts';
import { issueKeys, issueSearchStore } from './issue-search-store.ts';
import { issueStore } from './issue-store.ts';
import type { Issue } from './issue.ts';

export type NewIssue = Omit<Issue, 'id' | 'createdAt' | 'updatedAt'>;
export type IssueChange = Partial<Pick<Issue, 'name' | 'description' | 'status' | 'severity'>>;
export interface IssueQuery {
  /** Of all experiments where none is said. */
  readonly experimentId?: string | undefined;
  readonly filter?: string | undefined;
  /** Whether the traces that show each are counted; those that most show come first then. */
  readonly counted?: boolean;
  readonly limit: number;
  readonly cursor?: string | undefined;
}
export type CountedIssue = Issue & { readonly traceCount: number | undefined };

export const createIssues = ({ db, clock, experiments }: { db: Db; clock: Clock; experiments: Pick<Experiments, 'get'> }) => {
  const now = (): number => clock.now().getTime();
  const find = async (tx: Tx, project: ProjectRef, id: string): Promise<Issue> => {
    const issue = await issueStore(tx).find(project, id);
    if (!issue) throw notFound('issue', id);
    return issue;
  };

  return {
    create: async ({ project }: Actor, given: NewIssue): Promise<Issue> => {
      requireActive(await experiments.get(project, given.experimentId));
      const at = now();
      const issue: Issue = { ...given, id: `iss-${newId()}`, createdAt: at, updatedAt: at };
      await db.write(async (tx) => {
        if (issue.sourceRunId !== null) await requireThere(tx, project, issue.sourceRunId);
        await issueStore(tx).put(project, issue);
      });
      return issue;
    },
    get: (project: ProjectRef, id: string): Promise<Issue> => find(db.read, project, id),
    change: ({ project }: Actor, id: string, change: IssueChange): Promise<Issue> =>
      db.write(async (tx) => {
        const issue = { ...(await find(tx, project, id)), ...change, updatedAt: now() };
        await issueStore(tx).put(project, issue);
        return issue;
      }),
    /** What matters most comes first. */
    search: async (project: ProjectRef, { experimentId, filter = '', counted = false, limit, cursor }: IssueQuery) => {
      const keys = issueKeys(counted);
      const query = ['issues', project.id, experimentId ?? null, filter, counted];
      const position = cursor === undefined ? undefined : readToken(cursor, query, keys);
      if (position?.some((part) => typeof part === 'number' && !Number.isSafeInteger(part)))
        throw invalid('Invalid page token: it is not one that a search gave; ask for the first page', 'unknown_cursor');
      const asked = { experimentId, filter: parseFilter(filter, issueFields), counted, limit: limit + 1, position };
      const found = await issueSearchStore(db.read).find(project, asked);
      const kept = found.slice(0, limit);
      const ids = kept.map(({ id }) => id);
      const counts = new Map(kept.map(({ id, traceCount }) => [id, traceCount]));
      const issues = await issueStore(db.read).several(project, ids);
      return {
        items: issues.map((issue): CountedIssue => ({ ...issue, traceCount: counts.get(issue.id) })),
        nextCursor: found.length > limit ? tokenOf(query, kept.at(-1)!.position) : null,
      };
    },
  };
};
export type Issues = ReturnType<typeof createIssues>;
