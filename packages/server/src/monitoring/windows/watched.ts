import { createHash } from 'node:crypto';
import { canonicalJson, type DeclaredMonitor, type Deployment, type Manifest, type Prediction } from '@boucle/contract';
import type { ProjectRef } from '../../governance/index.ts';
import type { Clock, Db, Events, Log } from '../../platform/index.ts';
import type { Position } from '../../platform/segments/index.ts';
import type { Policy } from '../judge/window-facts.ts';
import type { ReferencesOf } from '../reference/references.ts';
import type { WindowChild } from './window-child.ts';
import type { WindowTimes } from './window-time.ts';
import { timesOf } from './window-time.ts';

/** Where predictions are read from; serving's own, or a stand-in with the same promises. */
export interface PredictionSource {
  /** From a position that stays good across restarts; null is the beginning. */
  tail(endpointId: string, after: Position | null, limit: number): Promise<readonly { prediction: Prediction; position: Position }[]>;
  endpointOf(project: ProjectRef, name: string): Promise<WatchedEndpoint | undefined>;
  deployment(project: ProjectRef, id: string): Promise<Deployment | undefined>;
}
export interface WatchedEndpoint {
  readonly id: string;
  readonly createdAt: string;
  readonly deployment: Deployment | null;
}
/** A monitor as the manifest in force declares it. */
export interface Declared {
  readonly project: ProjectRef;
  readonly monitor: DeclaredMonitor;
  readonly kpis: Manifest['kpis'];
  /** When it was declared so: what is asked from then on is watched, however soon it comes. */
  readonly since: string;
}
export interface WatchParts {
  db: Db;
  events: Events;
  clock: Clock;
  log: Log;
  source: PredictionSource;
  references: ReferencesOf;
  child: WindowChild;
}

const answered = ['prediction', 'confidence'];
/** All that a monitor counts: the same shape counts the same. */
export const shapeOf = ({ monitor }: Declared, endpointId: string) => {
  const columns = monitor.drift?.columns ?? [...answered];
  const slices = monitor.slices ?? [];
  const times: WindowTimes = timesOf(monitor);
  const text = canonicalJson(['boucle.windows/1', endpointId, times.everyMs, [...columns].sort(), [...slices].sort()]);
  return { columns, slices, times, digest: createHash('sha256').update(text).digest('hex') };
};
export type Shape = ReturnType<typeof shapeOf>;

const material = 0.05;
const tolerances = { missing: 0.05, unseen: 0.05, outOfRange: 0.05 };
export const policyOf = ({ monitor: { drift, quality }, kpis }: Declared): Policy => ({
  drift: drift ? { falseAlarms: drift.falseAlarms, columns: drift.columns, material: drift.material ?? material } : null,
  quality: { ...tolerances, ...quality },
  kpis: Object.entries(kpis).map(([name, { metric, of, target }]) => ({ name, metric, of: of ?? null, target })),
});
