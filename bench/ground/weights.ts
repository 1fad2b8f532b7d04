import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@boucle/sdk';
import type { Trained } from '../../examples/sentiment/train-on-tweets.ts';
import { toBody } from '../../packages/cli/src/sending.ts';
import type { RigOrder } from '../rig-server.ts';
import { jsonOf, openConnection } from './connection.ts';
import { latenciesOf } from './latencies.ts';
import { giveWay, startOurs } from './processes.ts';
import { figure } from './table.ts';
import { askForOne } from './trained-server.ts';

/** Something that weighs on a server until it is lifted; says then what it did. */
export type Weight = () => Promise<() => Promise<string>>;
export interface WeighedOn {
  readonly address: string;
  readonly trained: Trained & { readonly client: Client };
  readonly folder: string;
  /** A big one. */
  readonly csv: string;
  readonly order: (said: RigOrder) => void;
}

const callers = 16;
const callerPauseMs = 10;
const writers = 4;

export const weightsOn = ({ address, trained, folder, csv, order }: WeighedOn) => {
  const { project, endpoint, client } = trained;

  /** One after the other, on the database's readers. */
  const slowQueries: Weight = async () => {
    order('queries on');
    return async () => {
      order('queries off');
      return '';
    };
  };

  /** A neighbour keeps the disk busy while runs are written, each answered after its fsync. */
  const slowSyncs: Weight = async () => {
    const place = path.join(folder, 'filler');
    await mkdir(place, { recursive: true });
    const filler = startOurs('fill-disk', [place]);
    giveWay(filler.child.pid!);
    const took: number[] = [];
    filler.child.on('message', (ms: number) => took.push(ms));
    const written = untilLifted(writers, async () => {
      const connection = await openConnection(address);
      return async () => void jsonOf(await connection.ask('POST', `/api/v1/projects/${project}/runs`, {}));
    });
    return async () => {
      const runs = await written();
      await filler.stop();
      const { p50, max } = latenciesOf(took);
      return `${runs} runs written beside fsyncs of ${figure(p50)} ms (p50) to ${figure(max)} ms`;
    };
  };

  /** DuckDB scans and writes, in the child that reads tables; the file comes in over HTTP. */
  const ingestions: Weight = async () => {
    const done = untilLifted(1, async () => async () => {
      await client.datasets.versions.create({ params: { project, dataset: 'big' }, query: {}, data: toBody(createReadStream(csv)) });
    });
    return async () => `${await done()} ingestions`;
  };

  const predictions: Weight = async () => {
    const asked = untilLifted(callers, async () => {
      const connection = await openConnection(address);
      const ask = askForOne(endpoint);
      return async (turn) => {
        await ask(connection, turn);
        await pause(callerPauseMs);
      };
    });
    return async () => `${await asked()} predictions`;
  };

  return { slowQueries, slowSyncs, ingestions, predictions };
};

/** Several who do something over and over. Lifting waits for what is under way, and says how often it was done. */
const untilLifted = (count: number, begin: () => Promise<(turn: number) => Promise<void>>): (() => Promise<number>) => {
  let isLifted = false;
  let done = 0;
  const one = async (): Promise<void> => {
    for (const work = await begin(); !isLifted; done++) await work(done);
  };
  const all = Promise.all(Array.from({ length: count }, one));
  return async () => {
    isLifted = true;
    await all;
    return done;
  };
};
