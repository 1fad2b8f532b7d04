import { AppError } from '@boucle/contract';

/** What is wrong with one row of a file that somebody sent. */
export interface RowIssue {
  /** Line of a text file, row of a Parquet file; both from 1. */
  readonly line: number;
  readonly column?: string;
  readonly reason: string;
  /** "is not a number": follows the place. */
  readonly problem: string;
}

const limit = 20;

/** Collects the first bad rows, so that a file can be mended in one go, and then refuses it. */
export class RowIssues {
  readonly #issues: RowIssue[] = [];
  readonly #unit: 'Line' | 'Row';
  constructor(unit: 'Line' | 'Row') {
    this.#unit = unit;
  }
  add(issue: RowIssue): void {
    if (this.#issues.push(issue) >= limit) this.refuse();
  }
  /** Throws if there was any. */
  refuse(): void {
    const [first] = this.#issues;
    if (!first) return;
    const more = this.#issues.length - 1;
    const others = more === 0 ? '' : ` (and ${more}${more + 1 >= limit ? ' or more' : ''} like it: see details)`;
    throw new AppError('invalid_request', `${this.#text(first)}${others}`, {
      reason: first.reason,
      details: {
        line: first.line,
        ...(first.column !== undefined && { column: first.column }),
        issues: this.#issues.map((issue) => ({
          line: issue.line,
          column: issue.column ?? null,
          reason: issue.reason,
          message: this.#text(issue),
        })),
      },
    });
  }
  #text({ line, column, problem }: RowIssue): string {
    return column === undefined ? `${this.#unit} ${line} ${problem}` : `${this.#unit} ${line}, column "${column}": ${problem}`;
  }
}
