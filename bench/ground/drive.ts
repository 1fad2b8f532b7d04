import { type Connection, openConnection, Refused } from './connection.ts';
import { type Latencies, latenciesOf } from './latencies.ts';

export interface Drive {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Asked over and over: what one caller does before it begins again. */
  readonly ask: (connection: Connection, turn: number) => Promise<void>;
}

export interface Driven extends Latencies {
  readonly perSecond: number;
  /** Not counted otherwise. */
  readonly refused: number;
}

/** Callers who each wait for their answer before they ask again, each on a connection of its own. The first tenth of the time warms up. */
export const drive = async ({ url, connections, seconds, ask }: Drive): Promise<Driven> => {
  const milliseconds: number[] = [];
  const began = performance.now();
  const counted = began + seconds * 100;
  const end = began + seconds * 1000;
  let turn = 0;
  let refused = 0;
  const call = async (): Promise<void> => {
    const connection = await openConnection(url);
    try {
      for (let start = performance.now(); start < end; start = performance.now()) {
        try {
          await ask(connection, turn++);
          if (start >= counted) milliseconds.push(performance.now() - start);
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          if (refused++ === 0) process.stderr.write(`${error.message}\n`);
        }
      }
    } finally {
      connection.close();
    }
  };
  await Promise.all(Array.from({ length: connections }, call));
  return { ...latenciesOf(milliseconds), perSecond: milliseconds.length / ((performance.now() - counted) / 1000), refused };
};
