export { digestTable } from './digest-table.ts';
export { openTable, type TableFile } from './table-file.ts';
export { createTableWriter, type TableWriter } from './table-writer.ts';
export type { WrittenTable } from './table-builder.ts';
export { ingest, type Ingested, type IngestOptions } from './ingest.ts';
export { profileTable } from './profile-table.ts';
export { checkSuite } from './check-suite.ts';
