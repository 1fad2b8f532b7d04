/** What of the monitoring page is in its address. */
export interface MonitoringSearch {
  readonly monitor?: string;
  readonly window?: string;
  /** A comparison of the window: see `comparisonKey`. */
  readonly column?: string;
  readonly metric?: string;
  readonly alert?: string;
}

const keys = ['monitor', 'window', 'column', 'metric', 'alert'] as const;

/** Others' addresses may hold anything: what is no text is not there. */
export const monitoringSearch = (search: Record<string, unknown>): MonitoringSearch =>
  Object.fromEntries(
    keys.flatMap((key) => {
      const value = search[key];
      return typeof value === 'string' || typeof value === 'number' ? [[key, String(value)]] : [];
    }),
  );
