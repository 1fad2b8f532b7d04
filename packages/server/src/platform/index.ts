export { type Clock, systemClock } from './clock.ts';
export { type Db, decodeCursor, isDuplicate, openDb, orConflict, pageOf, type Tx } from './db/index.ts';
export { createEvents, type Events, type NewEvent } from './events/index.ts';
export { newId } from './ids.ts';
export { type Once, once } from './idempotency.ts';
export { createLog, type Log, silentLog } from './log.ts';
