import { setTimeout as sleep } from 'node:timers/promises';
import { project } from '../../src/testing/small-project.ts';
import type { RunningServer } from './start-server.ts';

/** Asks the server small things, again and again, until it is stopped; then says how long the answers took. */
export const watchAnswers = ({ client }: RunningServer) => {
  const took: number[] = [];
  let isOver = false;
  const asks = [
    () => client.system.info({}),
    () => client.runs.list({ params: { project }, query: {} }),
    () => client.datasets.list({ params: { project }, query: {} }),
  ];
  const watching = (async () => {
    for (let i = 0; !isOver; i += 1) {
      const began = performance.now();
      await asks[i % asks.length]!();
      took.push(performance.now() - began);
      await sleep(5);
    }
  })();
  return {
    stop: async (): Promise<string> => {
      isOver = true;
      await watching;
      const sorted = took.toSorted((a, b) => a - b);
      const at = (share: number) => `${sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(1)} ms`;
      return `${sorted.length} other answers meanwhile: median ${at(0.5)}, 99 % within ${at(0.99)}, the slowest ${at(1)}`;
    },
  };
};
