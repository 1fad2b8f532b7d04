export { type Db, openDb, isDuplicate, orConflict, type Tx } from './db.ts';
export { decodeCursor, encodeCursor, pageOf } from './page.ts';
