import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Columns } from '@boucle/contract';
import { rowOf } from './columns.ts';
import { type Clock, newId } from '../platform/index.ts';
import { answeredRows, type Requested, refusedRequest } from './prediction-record.ts';
import type { Recorder } from './recorder.ts';
import type { Route, Routing } from './routing.ts';
import type { ServedEndpoint } from './served-endpoints.ts';
import type { ServedModel } from './served-model.ts';

export interface ShadowLimits {
  /** Requests that may wait for one model; those that come then are not shadowed, and counted. */
  readonly waitingShadows: number;
  readonly waitingShadowBytes: number;
}
export interface Rows {
  readonly columns: Columns;
  readonly rows: number;
  readonly bytes: number;
}
/** A request that was answered. */
export interface Shown {
  readonly served: ServedEndpoint;
  readonly routing: Routing;
  readonly unit: string;
  readonly requested: Requested;
  readonly read: Rows;
}
interface Waiting extends Shown {
  readonly route: Route;
  readonly letGo: () => void;
}
interface Queue {
  readonly waiting: Waiting[];
  bytes: number;
  running: Promise<void> | undefined;
}
interface Parts {
  clock: Clock;
  recorder: Recorder;
  limits: ShadowLimits & { readonly deadlineMs: number };
}

/** Joined in one call of the model, so that it keeps up; few, so that it stands in nobody's way for long. */
const atOnce = 16;
/** So long they give way to callers who wait for an answer; where somebody always does, some shadows are seen all the same. */
const giveWayMs = 20;

/** Asks shadows what callers asked, once those have their answers: at leisure, and not at all where too many wait. */
export const createShadows = ({ clock, recorder, limits }: Parts) => {
  const queues = new Map<ServedModel, Queue>();
  let isClosed = false;
  let callers = 0;

  const giveWay = async (): Promise<void> => {
    // Answers that are on their way out go first in any case.
    await nextTurn();
    for (const end = performance.now() + giveWayMs; callers > 0 && !isClosed && performance.now() < end;) await sleep(1);
  };
  const ask = async ({ served, route: { variant, model }, requested, read, letGo }: Waiting): Promise<void> => {
    const began = performance.now();
    const shadow = (): Requested => ({
      ...requested,
      requestId: newId(clock.now().getTime()),
      shadowOf: requested.requestId,
      variant,
      share: variant.share,
      latencyMs: Math.round((performance.now() - began) * 1000) / 1000,
    });
    const [result] = await Promise.allSettled([model.predict({ ...read, deadlineMs: limits.deadlineMs })]);
    const predictions =
      result.status === 'fulfilled'
        ? answeredRows(shadow(), { inputs: read.columns, outputs: result.value, rows: read.rows })
        : [refusedRequest(shadow(), { sent: rowOf(read.columns, 0), error: result.reason })];
    await recorder.record({ served, variant, level: 'written', predictions, bytes: read.bytes });
    letGo();
  };
  const run = async (model: ServedModel, queue: Queue): Promise<void> => {
    while (queue.waiting.length > 0) {
      await giveWay();
      const batch = queue.waiting.splice(0, atOnce);
      await Promise.all(batch.map(ask));
      for (const { read } of batch) queue.bytes -= read.bytes;
    }
    queues.delete(model);
  };
  const offer = (shown: Shown, route: Route): void => {
    const queue = queues.get(route.model) ?? { waiting: [], bytes: 0, running: undefined };
    const { bytes } = shown.read;
    const isFull = queue.waiting.length >= limits.waitingShadows || queue.bytes + bytes > limits.waitingShadowBytes;
    if (isClosed || isFull) {
      shown.served.variants.of(route.variant).dropped++;
      return;
    }
    queues.set(route.model, queue);
    queue.waiting.push({ ...shown, route, letGo: shown.routing.hold() });
    queue.bytes += bytes;
    queue.running ??= run(route.model, queue);
  };

  return {
    /** A caller waits for an answer, until the caller says that this is over. */
    makeRoom: (): (() => void) => {
      callers++;
      return () => void callers--;
    },
    show: (shown: Shown): void => {
      for (const route of shown.routing.shadowsOf(shown.unit)) offer(shown, route);
    },
    settled: async (): Promise<void> => {
      while (queues.size > 0) await Promise.all([...queues.values()].map(async ({ running }) => running));
    },
    /** Those that wait are dropped; what is under way ends. */
    close: async (): Promise<void> => {
      isClosed = true;
      for (const { waiting } of queues.values()) {
        for (const { served, route, letGo } of waiting.splice(0)) {
          served.variants.of(route.variant).dropped++;
          letGo();
        }
      }
      await Promise.all([...queues.values()].map(async ({ running }) => running));
    },
  };
};
export type Shadows = ReturnType<typeof createShadows>;
