export type { RunLog } from './logged.ts';
export type { NewRun, RunEnd } from './runs.ts';
export { createTracking, type Tracking } from './tracking.ts';
