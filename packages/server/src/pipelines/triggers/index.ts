export { createTriggers, type Triggers } from './triggers.ts';
export { scheduleFault } from './due-times.ts';
