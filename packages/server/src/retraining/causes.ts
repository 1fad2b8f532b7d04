import type { BoucleEvent, DeclaredMonitor, EventData, RetrainPolicy } from '@boucle/contract';

export interface Cause {
  readonly monitor: string;
  /** The same text is the same cause. */
  readonly cause: string;
  /** For people. */
  readonly because: string;
  readonly correlationId: string | null;
}
/** A monitor that retrains. */
export type Retraining = DeclaredMonitor & { readonly retrain: RetrainPolicy };

export const hasPolicy = (monitor: DeclaredMonitor): monitor is Retraining => monitor.retrain !== undefined;

/** What a piece of news is a cause for, by the policies that are in force. A later version of a window is the same cause. */
export const causeOf = ({ type, data, correlationId }: BoucleEvent, monitors: readonly DeclaredMonitor[]): Cause | undefined => {
  const asks = (monitor: string, on: string): boolean =>
    monitors.some(({ name, retrain }) => name === monitor && retrain?.on.includes(on) === true);
  switch (type) {
    case 'drift.found': {
      const { monitor, windowId, columns } = data as unknown as EventData['drift.found'];
      const because = `drift in ${[...new Set(columns.map(({ column }) => column))].join(', ')}`;
      return asks(monitor, 'drift') ? { monitor, cause: `drift:${windowId}`, because, correlationId } : undefined;
    }
    case 'kpi.missed': {
      const { monitor, kpi, windowId, value, target } = data as unknown as EventData['kpi.missed'];
      const because = `${kpi} is ${Number(value.toPrecision(3))}, and ${target} is the target`;
      return asks(monitor, `kpi:${kpi}`) ? { monitor, cause: `kpi:${kpi}:${windowId}`, because, correlationId } : undefined;
    }
    case 'alert.fired': {
      const { monitor, rule, alertId, message } = data as unknown as EventData['alert.fired'];
      return asks(monitor, `alert:${rule}`)
        ? { monitor, cause: `alert:${alertId}`, because: `alert ${rule}: ${message}`, correlationId }
        : undefined;
    }
    default:
      return undefined;
  }
};

/** By monitor: what is wrong with the data of its last window. */
export type Faults = Readonly<Record<string, string>>;

export const withFaults = (faults: Faults, { type, data }: BoucleEvent): Faults => {
  if (type === 'quality.failed') {
    const { monitor, findings } = data as unknown as EventData['quality.failed'];
    return { ...faults, [monitor]: findings.map(({ message }) => message).join('; ') };
  }
  if (type === 'window.closed') {
    const { monitor, faults: count, version } = data as unknown as EventData['window.closed'];
    if (count > 0 || version > 1 || !Object.hasOwn(faults, monitor)) return faults;
    return Object.fromEntries(Object.entries(faults).filter(([name]) => name !== monitor));
  }
  return faults;
};
