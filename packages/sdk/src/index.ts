export { ApiError } from './api-error.ts';
export type { Bytes, Fetch } from './call.ts';
export type { CallOptions } from './call-options.ts';
export { type Client, type ClientOptions, createClient } from './client.ts';
export { type At, type RunLogger, type RunOptions, type Said, startRun, withRun } from './start-run.ts';
