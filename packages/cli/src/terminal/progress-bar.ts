import type { Output } from '../io.ts';
import { bytes } from './format.ts';
import { createLiveBlock } from './live-block.ts';

const width = 24;

/** `Sending tweets.csv  ██████░░░░  58 %  2.0 of 3.4 MB` */
export const barLine = (label: string, done: number, total: number): string => {
  const share = total > 0 ? Math.min(1, done / total) : 1;
  const full = Math.round(share * width);
  return `${label}  ${'█'.repeat(full)}${'░'.repeat(width - full)}  ${Math.round(share * 100)} %  ${bytes(done)} of ${bytes(total)}`;
};

/** Counts bytes on their way out. Only a terminal sees it, ten times a second at most. */
export const createProgressBar = (stream: Output, label: string, total: number) => {
  const block = createLiveBlock(stream);
  let done = 0;
  let drawnAt = -Infinity;
  return {
    add: (more: number): void => {
      done += more;
      if (performance.now() - drawnAt < 100) return;
      drawnAt = performance.now();
      block.draw([barLine(label, done, total)]);
    },
    end: block.clear,
  };
};
export type ProgressBar = ReturnType<typeof createProgressBar>;
