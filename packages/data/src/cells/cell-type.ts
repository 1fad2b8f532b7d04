import { invalid, type LogicalType } from '@boucle/contract';
import type { DuckDBValue } from '@duckdb/node-api';
import type { Cell, CellType } from './cell.ts';
import { listCell, structCell } from './nested.ts';
import { boolCell, decimalCell, floatCell, intCell } from './numbers.ts';
import { bytesCell, textCell } from './texts.ts';
import { dateCell, localTimestampCell, timeCell, timestampCell } from './times.ts';
import { normalType } from './logical-type.ts';

const plain = {
  bool: boolCell,
  int: intCell,
  float: floatCell,
  text: textCell,
  bytes: bytesCell,
  date: dateCell,
  time: timeCell,
  timestamp: timestampCell,
  'local timestamp': localTimestampCell,
} as const;

/** How values of a logical type are read, written and shown. */
export const cellType = (type: LogicalType): CellType => {
  const { type: kind, item, fields, scale } = normalType(type);
  switch (kind) {
    case 'decimal':
      return decimalCell(scale ?? 0);
    case 'list':
      return listCell(cellType(item ?? { type: 'text' }));
    case 'struct':
      return structCell((fields ?? []).map((field) => ({ name: field.name, cell: cellType(field.type) })));
    default:
      return plain[kind];
  }
};

/** What the engine holds, where all of it has to have a place here; only infinite dates and times have none. */
export const loadCell = (type: CellType, value: DuckDBValue): Cell => {
  const cell = value === null ? null : type.load(value);
  if (cell === undefined) throw invalid(`${String(value)} is not ${type.noun}`, 'value_misfit');
  return cell;
};
