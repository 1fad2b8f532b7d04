export { type Db, openDb, isDuplicate, orConflict } from './db.ts';
export type { Tx } from './tx.ts';
export { decodeCursor, encodeCursor, pageOf } from './page.ts';
