export const issueStatuses = ['pending', 'rejected', 'resolved'] as const;
/** From what matters least. */
export const issueSeverities = ['not_an_issue', 'low', 'medium', 'high'] as const;
export type IssueStatus = (typeof issueStatuses)[number];
export type IssueSeverity = (typeof issueSeverities)[number];

/** Something wrong with an application; traces that show it are assessed with its id. */
export interface Issue {
  readonly id: string;
  readonly experimentId: string;
  readonly name: string;
  readonly description: string;
  readonly status: IssueStatus;
  readonly severity: IssueSeverity | null;
  readonly rootCauses: readonly string[];
  readonly categories: readonly string[];
  /** The run that found it. */
  readonly sourceRunId: string | null;
  readonly createdBy: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}
