import type { LogicalType } from '@boucle/contract';
import type { Cell } from '../cells/cell.ts';
import type { RowIssues } from './row-issues.ts';

/** One column to be read: where it stands in the file (-1: nowhere, so all null) and what it is to become. */
export interface Wanted {
  readonly name: string;
  readonly at: number;
  readonly type: LogicalType;
}

/** A file that somebody sent, whatever its format. */
export interface Source {
  readonly unit: 'Line' | 'Row';
  /** Its columns, checked to be named and distinct. */
  readonly names: readonly string[];
  /** Types of the columns at these places: inferred from all rows of a text, read from a Parquet file. */
  types(places: readonly number[], issues: RowIssues): Promise<LogicalType[]>;
  /** Rows in the order of the file; what does not fit is an issue, and its row is left out. */
  rows(wanted: readonly Wanted[], issues: RowIssues, onRow: (cells: Cell[], line: number) => void): Promise<void>;
  close(): void;
}
