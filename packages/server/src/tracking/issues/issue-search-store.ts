import type { SearchFilter } from '@boucle/contract';
import { sql } from 'kysely';
import type { ProjectRef } from '../../governance/index.ts';
import {
  conditionOf,
  inOrder,
  isAfter,
  keyColumns,
  matchingIn,
  type OrderKey,
  type Position,
  positionOf,
  type Tx,
} from '../../platform/index.ts';
import { issueSeverities } from './issue.ts';

export interface IssueSearch {
  /** Of all experiments where none is said. */
  readonly experimentId: string | undefined;
  readonly filter: SearchFilter<'attribute'> | undefined;
  /** Whether the traces that show each are counted; those that most show come first then. */
  readonly counted: boolean;
  readonly limit: number;
  readonly position: Position | undefined;
}
export interface FoundIssue {
  readonly id: string;
  readonly traceCount: number | undefined;
  readonly position: Position;
}

const ranks = sql.join(
  issueSeverities.map((severity, rank) => sql`when ${sql.lit(severity)} then ${sql.lit(rank)}`),
  sql` `,
);
const severity: OrderKey = { value: sql`cast(case i.severity ${ranks} else -1 end as bigint)`, direction: 'desc', kind: 'number' };
const traces = sql`(select count(distinct a.trace_id) from assessment as a where a.kind = 'issue' and a.name = i.id)`;

/** What matters most, then the newest. */
export const issueKeys = (counted: boolean): OrderKey[] => [
  severity,
  ...(counted ? [{ value: traces, direction: 'desc', kind: 'number' } as const] : []),
  { value: sql`i.created_at`, direction: 'desc', kind: 'number' },
  { value: sql`i.id`, direction: 'desc', kind: 'text' },
];

export const issueSearchStore = (tx: Tx) => {
  const matching = matchingIn(tx);
  return {
    /** Up to `limit` issues after the position. */
    find: async (project: ProjectRef, { experimentId, filter, counted, limit, position }: IssueSearch): Promise<FoundIssue[]> => {
      const keys = issueKeys(counted);
      const where = [
        sql`i.project_id = ${project.id}`,
        ...(experimentId === undefined ? [] : [sql`i.experiment_id = ${experimentId}`]),
        ...(filter ? [conditionOf(filter, (clause) => matching.value(sql.ref(`i.${clause.key}`), clause))] : []),
        ...(position ? [isAfter(keys, position)] : []),
      ];
      const { rows } = await sql<{
        id: string;
        traces?: number | string;
      }>`select i.id, ${counted ? sql`${traces} as traces, ` : sql``}${keyColumns(keys)} from issue as i where ${sql.join(where, sql` and `)} order by ${inOrder(keys)} limit ${limit}`.execute(
        tx,
      );
      return rows.map(({ traces: count, ...row }) => ({
        id: row.id,
        traceCount: count === undefined ? undefined : Number(count),
        position: positionOf(row, keys),
      }));
    },
  };
};
