import type { Progress } from '@boucle/server';
import type { Output } from '../io.ts';
import { count } from '../terminal/format.ts';
import { createLiveBlock } from '../terminal/live-block.ts';

const words = { database: 'database', log: 'logs', blobs: 'blobs', check: 'checked' } as const;

/** How far it is: a line that is drawn anew on a terminal, and one a minute elsewhere. */
export const stationProgress = (stream: Output) => {
  const block = createLiveBlock(stream);
  const pauseMs = stream.isTTY ? 100 : 60_000;
  let drawnAt = performance.now();
  return {
    draw: ({ station, done, of }: Progress): void => {
      if (performance.now() - drawnAt < pauseMs) return;
      drawnAt = performance.now();
      const line = `${words[station]}: ${count(done)} of ${count(of)}`;
      if (stream.isTTY) block.draw([line]);
      else stream.write(`${line}\n`);
    },
    end: block.clear,
  };
};
