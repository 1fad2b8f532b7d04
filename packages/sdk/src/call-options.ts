export interface CallOptions {
  readonly signal?: AbortSignal;
  /** The same key again gets the first answer again. */
  readonly idempotencyKey?: string;
  /** For downloads: the first and the last byte wanted. */
  readonly range?: { readonly start: number; readonly end?: number };
  /** For events: the last one that was seen. */
  readonly lastEventId?: number;
}
