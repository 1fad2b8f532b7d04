export { ApiError } from './api-error.ts';
export { type Client, type ClientOptions, createClient, type Fetch } from './client.ts';
export type { Bytes, CallOptions } from './call.ts';
