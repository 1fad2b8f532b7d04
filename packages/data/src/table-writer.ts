import { AppError, type TableSchema } from '@boucle/contract';
import type { Cell } from './cells/cell.ts';
import { cellType } from './cells/cell-type.ts';
import { isRowId } from './identity/row-id.ts';
import { showValue } from './show-value.ts';
import { createTableBuilder, type WrittenTable } from './table-builder.ts';

/** Writes one table; after `finish` or `abort` it is spent. */
export interface TableWriter {
  /** Rows that keep their identity `_row`. Resolves once there is room for more. */
  append(rows: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
  /** Rows that are new: they are named by their content. Not in one table with rows that keep theirs. */
  appendNew(rows: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
  finish(): Promise<WrittenTable>;
  abort(): Promise<void>;
}

export const createTableWriter = async (path: string, schema: TableSchema): Promise<TableWriter> => {
  const builder = await createTableBuilder(path, schema.columns);
  const fields = schema.columns.map(({ name, type }) => ({ name, type: cellType(type) }));
  const names = new Set(['_row', ...fields.map(({ name }) => name)]);
  let row = 0;
  let kind: 'kept' | 'new' | undefined;

  const cellsOf = (given: Readonly<Record<string, unknown>>): Cell[] => {
    row++;
    for (const name of Object.keys(given))
      if (!names.has(name)) throw misfit({ row, column: name, value: given[name] }, 'is in no column of the table');
    return fields.map(({ name, type }) => {
      const value = given[name];
      if (value === null || value === undefined) return null;
      const cell = type.accept(value);
      if (cell === undefined) throw misfit({ row, column: name, value }, `is not ${type.noun}`);
      return cell;
    });
  };
  const become = (next: 'kept' | 'new'): void => {
    if (kind && kind !== next)
      throw new AppError('invalid_request', 'Rows that keep their identity and new rows do not go into one table; write two', {
        reason: 'mixed_rows',
      });
    kind = next;
  };
  return {
    append: async (rows) => {
      become('kept');
      for (const given of rows) {
        const cells = cellsOf(given);
        const id = given['_row'];
        if (typeof id !== 'string' || !isRowId(id))
          throw misfit({ row, column: '_row', value: id }, 'is not the identity of a row; new rows go through appendNew');
        builder.add(cells, id);
      }
    },
    appendNew: async (rows) => {
      become('new');
      for (const given of rows) builder.add(cellsOf(given));
    },
    finish: async () => {
      const { schema: written, rows, digest } = await builder.finish();
      return { schema: written, rows, digest };
    },
    abort: async () => builder.abort(),
  };
};

interface Misfit {
  readonly row: number;
  readonly column: string;
  readonly value: unknown;
}
const misfit = ({ row, column, value }: Misfit, reason: string): AppError => {
  const shown = showValue(value);
  return new AppError('invalid_request', `Row ${row}, column "${column}": ${shown} ${reason}`, {
    reason: 'value_misfit',
    details: { row, column, value: shown },
  });
};
