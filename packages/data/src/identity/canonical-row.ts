import type { LogicalType } from '@boucle/contract';
import type { Cell } from '../cells/cell.ts';
import { ByteWriter } from './byte-writer.ts';

/**
 * The canonical encoding of a row, version 1. It is ours alone, whatever engine reads or writes the file; its golden vectors stand in the
 * test beside. A row is the bytes 0, version, then its cells; a cell is one tag byte and what follows it, big-endian:
 *
 *   0 null · 1 false · 2 true · 3 int: 8 bytes · 4 decimal: scale (1 byte, no trailing zeros left), 17 bytes · 5 float: 8 bytes IEEE 754 ·
 *   6 text: length (4), UTF-8 · 7 bytes: length (4), bytes · 8 date: days since 1970 (4) · 9 time: µs since midnight (8) ·
 *   10 timestamp: µs since 1970 UTC (8) · 11 local timestamp (8) · 12 list: count (4), cells · 13 struct: count (4), cells
 *
 * −0 is written as 0 and every NaN as 7ff8000000000000. The leading 0 sets rows apart from the inner nodes of the tree.
 */
export const encodingVersion = 1;

const tag = {
  null: 0,
  false: 1,
  true: 2,
  int: 3,
  decimal: 4,
  float: 5,
  text: 6,
  bytes: 7,
  date: 8,
  time: 9,
  timestamp: 10,
  'local timestamp': 11,
  list: 12,
  struct: 13,
} as const;

export interface RowEncoder {
  /** The bytes of a row's cells. They are overwritten by the next call. */
  encode(cells: readonly Cell[]): Uint8Array;
}

export const createRowEncoder = (types: readonly LogicalType[]): RowEncoder => {
  const out = new ByteWriter();
  const writers = types.map(cellWriter);
  return {
    encode: (cells) => {
      out.reset();
      out.byte(0);
      out.byte(encodingVersion);
      for (let i = 0; i < writers.length; i++) writers[i]?.(out, cells[i] ?? null);
      return out.written();
    },
  };
};

type CellWriter = (out: ByteWriter, cell: Cell) => void;

const cellWriter = (type: LogicalType): CellWriter => {
  const write = valueWriter(type);
  return (out, cell) => (cell === null ? out.byte(tag.null) : write(out, cell));
};

const valueWriter = ({ type, item, fields = [], scale = 0 }: LogicalType): CellWriter => {
  const mark = type === 'bool' ? tag.false : tag[type];
  const whole: CellWriter = (out, cell) => {
    out.byte(mark);
    out.int64(cell as number | bigint);
  };
  const several =
    (writers: (index: number) => CellWriter | undefined): CellWriter =>
    (out, cell) => {
      const cells = cell as readonly Cell[];
      out.byte(mark);
      out.int32(cells.length);
      cells.forEach((one, index) => writers(index)?.(out, one));
    };
  switch (type) {
    case 'bool':
      return (out, cell) => out.byte(cell === true ? tag.true : tag.false);
    case 'int':
    case 'time':
    case 'timestamp':
    case 'local timestamp':
      return whole;
    case 'date':
      return (out, cell) => {
        out.byte(mark);
        out.int32(cell as number);
      };
    case 'float':
      return (out, cell) => {
        out.byte(mark);
        out.float64(cell as number);
      };
    case 'decimal':
      return (out, cell) => {
        out.byte(mark);
        out.decimal(cell as bigint, scale);
      };
    case 'text':
      return (out, cell) => {
        out.byte(mark);
        out.text(cell as string);
      };
    case 'bytes':
      return (out, cell) => {
        out.byte(mark);
        out.bytes(cell as Uint8Array);
      };
    case 'list': {
      const write = cellWriter(item ?? { type: 'text' });
      return several(() => write);
    }
    case 'struct': {
      const writers = fields.map((field) => cellWriter(field.type));
      return several((index) => writers[index]);
    }
  }
};
