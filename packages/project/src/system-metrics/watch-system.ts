import { openLook, type Use } from './look.ts';

export interface SystemMetric {
  readonly key: string;
  readonly value: number;
  /** Counts the looks. */
  readonly step: number;
  /** Epoch milliseconds. */
  readonly time: number;
}
export interface Watched {
  /** The next look waits for it; what it throws is passed over. */
  readonly log: (metrics: SystemMetric[]) => unknown;
  /** What the watched processes have used so far; the whole machine is watched where nothing is said. */
  readonly use?: () => Use | undefined;
  /** Whose disk is looked at. */
  readonly folder?: string;
  readonly firstMs?: number;
  readonly everyMs?: number;
}

/** Looks until it is stopped, and keeps no process from ending. */
export const watchSystem = ({ log, use, folder = process.cwd(), firstMs = 3_000, everyMs = 10_000 }: Watched): (() => void) => {
  const look = openLook({ folder, use });
  let isStopped = false;
  let step = 0;
  let timer: NodeJS.Timeout;

  const next = async (): Promise<void> => {
    try {
      const values = await look();
      const at = { step: step++, time: Date.now() };
      if (!isStopped) await log(Object.entries(values).map(([name, value]) => ({ key: `system/${name}`, value, ...at })));
    } catch {
      // What it costs to run is told beside the run; for want of it nothing fails.
    }
    plan(everyMs);
  };
  const plan = (ms: number): void => {
    if (!isStopped) timer = setTimeout(() => void next(), ms).unref();
  };
  plan(Math.min(firstMs, everyMs));
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
};
