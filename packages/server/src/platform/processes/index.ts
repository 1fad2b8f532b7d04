export type { CallContext, CallHandlers, CallProgress } from './call.ts';
export { type CallerOptions, type CallOptions, type ChildCaller, createChildCaller } from './child-caller.ts';
export { type LogPart, readLog } from './read-log.ts';
export { type Limits, defaultLimits } from './limits.ts';
export { type PoolOptions, type ProcessPool, type WorkOptions, createProcessPool } from './process-pool.ts';
export { type Slots, createSlots } from './slots.ts';
export type { Cause, Ended, Work } from './work.ts';
