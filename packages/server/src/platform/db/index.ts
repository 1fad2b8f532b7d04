export { type Db, openDb, isDuplicate, orConflict } from './db.ts';
export type { Tx } from './tx.ts';
export { decodeCursor, pageOf } from './page.ts';
