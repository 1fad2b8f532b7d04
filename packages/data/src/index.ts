export { digestTable } from './digest-table.ts';
export { openTable, type TableFile } from './table-file.ts';
export { createTableWriter, type TableWriter } from './table-writer.ts';
export type { WrittenTable } from './table-builder.ts';
