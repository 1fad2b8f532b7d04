export type { AttemptState, Executor } from './executor.ts';
export { type LocalExecutorOptions, createLocalExecutor } from './local-executor.ts';
