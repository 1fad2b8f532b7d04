import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Deployment, Prediction } from '@boucle/contract';
import { type LogRecord, openRecordLog, type Position, type RecordLog, type RecordLogOptions } from '../platform/segments/index.ts';

type Level = Deployment['log'];
/** How far back the first look for the newest records goes; each further one goes twice as far. */
const lookBytes = 128 * 1024;
const rowsAtOnce = 500;
/** No request takes longer. */
const slowestMs = 2 * 60_000;

export interface NewestQuery {
  readonly limit: number;
  readonly before?: string | undefined;
  readonly shadows?: boolean | undefined;
}
export interface TailItem {
  readonly prediction: Prediction;
  readonly position: Position;
}

/** Every outcome of every endpoint, each endpoint in a log of its own below the folder. */
export const createPredictionLog = (
  folder: string,
  options: Omit<RecordLogOptions, 'onLost'>,
  onLost: (endpointId: string, records: number, reason: unknown) => void,
) => {
  const logs = new Map<string, Promise<RecordLog>>();
  let lostHere = 0;
  const lose = (endpointId: string, records: number, reason: unknown): void => {
    lostHere += records;
    onLost(endpointId, records, reason);
  };
  const logOf = (endpointId: string): Promise<RecordLog> => {
    const known = logs.get(endpointId);
    if (known) return known;
    const opening = openRecordLog(path.join(folder, endpointId), {
      ...options,
      onLost: (records, reason) => onLost(endpointId, records, reason),
    });
    logs.set(endpointId, opening);
    // A folder that cannot be opened now may be mended later.
    opening.catch(() => logs.delete(endpointId));
    return opening;
  };
  const opened = async (endpointId: string, records: number): Promise<RecordLog> => {
    try {
      return await logOf(endpointId);
    } catch (error) {
      lose(endpointId, records, error);
      throw error;
    }
  };
  const openLogs = async (): Promise<RecordLog[]> =>
    (await Promise.allSettled(logs.values())).flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));

  return {
    append: async (endpointId: string, predictions: readonly Prediction[], level: Level): Promise<void> => {
      const log = await opened(endpointId, predictions.length);
      const appended: Promise<PromiseSettledResult<unknown>>[] = [];
      for (const prediction of predictions) {
        // Thousands of rows at once would hold up everybody else's answers.
        if (appended.length > 0 && appended.length % rowsAtOnce === 0) await setImmediate();
        appended.push(settled(log.append(prediction, { key: prediction.id, level })));
      }
      const refused = (await Promise.all(appended)).find((result) => result.status === 'rejected');
      if (refused) throw refused.reason;
    },
    find: async (endpointIds: readonly string[], id: string): Promise<Prediction | undefined> => {
      for (const endpointId of endpointIds) {
        const log = await logOf(endpointId);
        for await (const record of log.find({ from: id, to: id })) return predictionOf(record);
      }
      return undefined;
    },
    /** In the reverse order of writing, those before a given one; what shadows said only where it is asked for. */
    newest: async (endpointId: string, { limit, before, shadows }: NewestQuery): Promise<Prediction[]> => {
      const found: Prediction[] = [];
      let skipping = before !== undefined;
      for await (const record of backwards(await logOf(endpointId), before)) {
        if (skipping) skipping = record.key !== before;
        else {
          const prediction = predictionOf(record);
          if (shadows || prediction.shadowOf === null) found.push(prediction);
        }
        if (found.length === limit) break;
      }
      return found;
    },
    /** Forward from a position, or from the beginning. Each says where it ends: from there one goes on, in this process or a later one. */
    tail: async (endpointId: string, after: Position | null, limit: number): Promise<TailItem[]> => {
      const items: TailItem[] = [];
      for await (const record of (await logOf(endpointId)).since(after)) {
        items.push({ prediction: predictionOf(record), position: { segment: record.segment, offset: record.end } });
        if (items.length >= limit) break;
      }
      return items;
    },
    /** Where `tail` goes on with what comes from now on. */
    end: async (endpointId: string): Promise<Position | null> => (await logOf(endpointId)).end(),
    /** Those that came since a moment, newest first; told by when they came, for ids are only mostly in the order of time. */
    arrivedSince: async function* (endpointId: string, moment: number): AsyncGenerator<Prediction> {
      for await (const record of backwards(await logOf(endpointId), undefined)) {
        const prediction = predictionOf(record);
        const arrival = Date.parse(prediction.arrivalTime);
        if (arrival >= moment) yield prediction;
        // Slow ones are logged behind those that came after them.
        else if (arrival < moment - slowestMs) return;
      }
    },
    /** Counts records that never came as far as the log. */
    lose,
    /** Records that could not be kept, since the start. */
    lost: async (): Promise<number> => lostHere + (await openLogs()).reduce((sum, log) => sum + log.lost(), 0),
    close: async (): Promise<void> => {
      await Promise.allSettled((await openLogs()).map((log) => log.close()));
    },
  };
};
export type PredictionLog = ReturnType<typeof createPredictionLog>;

const settled = async (promise: Promise<unknown>): Promise<PromiseSettledResult<unknown>> => (await Promise.allSettled([promise]))[0];
const predictionOf = ({ payload }: LogRecord): Prediction => JSON.parse(payload.toString()) as Prediction;

/** Newest first. A segment is read from ever further back, for the newest are mostly enough. */
async function* backwards(log: RecordLog, before: string | undefined): AsyncGenerator<LogRecord> {
  let isReached = before === undefined;
  for (const { name, bytes, firstKey = '', lastKey = '' } of log.segments().reverse()) {
    isReached ||= firstKey <= before! && before! <= lastKey;
    if (!isReached) continue;
    let to = Infinity;
    for (let look = lookBytes; to > 0; look *= 2) {
      const from = Math.max(0, bytes - look);
      const records: LogRecord[] = [];
      for await (const record of log.records(name, from)) if (record.offset < to) records.push(record);
      yield* records.reverse();
      to = from === 0 ? 0 : (records.at(-1)?.offset ?? to);
    }
  }
}
