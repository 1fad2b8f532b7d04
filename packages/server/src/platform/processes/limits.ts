/** What one piece of work in a child may take. Past a limit the child is killed with all that it started. */
export interface Limits {
  readonly wallMs: number;
  /** Resident memory of the child and all its descendants. */
  readonly memoryBytes: number;
  /** What it prints, and so the size of its log. */
  readonly outputBytes: number;
  readonly messages: number;
  readonly messageBytes: number;
  /** Between being asked to end and being killed. */
  readonly graceMs: number;
}

export const defaultLimits: Limits = {
  wallMs: 24 * 3600 * 1000,
  memoryBytes: 4 * 2 ** 30,
  outputBytes: 32 * 2 ** 20,
  messages: 200_000,
  messageBytes: 8 * 2 ** 20,
  graceMs: 2000,
};

/** Below the limit on memory, so that a heap that grows too far fails as such; the rest is for buffers and code. */
export const heapFlag = (memoryBytes: number): string => `--max-old-space-size=${Math.max(64, Math.floor((memoryBytes * 0.9) / 2 ** 20))}`;

export const inMiB = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
