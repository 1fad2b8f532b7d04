import { type Watched, watchSystem } from './watch-system.ts';

/** What takes a metric: a run of the SDK. */
interface TakesMetrics {
  readonly metric: (key: string, value: number, at: { readonly step: number; readonly time: number }) => void;
}

/** Logs what this machine uses until it is stopped: `startRun(client, { systemMetrics })`, in Node. */
export const systemMetrics = (run: TakesMetrics, options: Omit<Watched, 'log'> = {}): (() => void) =>
  watchSystem({
    ...options,
    log: (metrics) => {
      for (const { key, value, ...at } of metrics) run.metric(key, value, at);
    },
  });
