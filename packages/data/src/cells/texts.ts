import { DuckDBBlobValue } from '@duckdb/node-api';
import type { CellType } from './cell.ts';

// A lone surrogate has no UTF-8, so it could be neither stored nor hashed as it is.
const wellFormed = (text: string): string | undefined => (text.isWellFormed() ? text : undefined);

export const textCell: CellType<string> = {
  noun: 'a text',
  parse: wellFormed,
  accept: (value) => (typeof value === 'string' ? wellFormed(value) : undefined),
  present: (cell) => cell,
  json: (cell) => cell,
  store: (cell) => cell,
  load: (value) => (typeof value === 'string' ? value : undefined),
};

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const fromBase64 = (text: string): Uint8Array | undefined => (base64.test(text) ? Buffer.from(text, 'base64') : undefined);

export const bytesCell: CellType<Uint8Array> = {
  noun: 'bytes in base64',
  parse: fromBase64,
  accept: (value) => (value instanceof Uint8Array ? value : typeof value === 'string' ? fromBase64(value) : undefined),
  present: (cell) => cell,
  json: (cell) => Buffer.from(cell).toString('base64'),
  store: (cell) => new DuckDBBlobValue(cell),
  load: (value) => (value instanceof DuckDBBlobValue ? value.bytes : undefined),
};
