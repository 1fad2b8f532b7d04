export { among } from './among.ts';
export { type Db, openDb, isDuplicate, orConflict } from './db.ts';
export { gathered } from './gathered.ts';
export type { Tx } from './tx.ts';
export { decodeCursor, pageOf } from './page.ts';
export { atOneMoment, type Moment } from './at-one-moment.ts';
export { checkFile, copyToFile, fillPostgres, refuseFilledPostgres, withFile } from './copy-database.ts';
export { inBatches, tablesOf } from './whole-tables.ts';
