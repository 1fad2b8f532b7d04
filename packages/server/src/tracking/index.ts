export type { NewRun, RunEnd, RunLog } from './runs.ts';
export { createTracking, type Tracking } from './tracking.ts';
