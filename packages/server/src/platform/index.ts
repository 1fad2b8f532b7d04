export { type Clock, type LeapingClock, leapingClock, systemClock } from './clock.ts';
export { among, type Db, decodeCursor, gathered, isDuplicate, openDb, orConflict, pageOf, type Tx } from './db/index.ts';
export {
  type Condition,
  conditionOf,
  firstBy,
  inOrder,
  isAfter,
  keyColumns,
  type Matching,
  matchingIn,
  type OrderKey,
  type Position,
  pageOfIds,
  positionOf,
  readToken,
  tokenOf,
} from './db/search/index.ts';
export { createEvents, type Events, type NewEvent } from './events/index.ts';
export { newId } from './ids.ts';
export { type Once, once } from './idempotency.ts';
export { createLog, type Log, silentLog } from './log.ts';
export { createLooks, type Looks } from './looks.ts';
