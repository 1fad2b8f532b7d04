import type { Context } from '../context.ts';
import type { Output } from '../io.ts';
import type { Copied, Counts } from '../mlflow/copy.ts';
import { bytes, plural } from '../terminal/format.ts';
import { createLiveBlock } from '../terminal/live-block.ts';

/** How far it is: a line that is drawn anew on a terminal, and one a minute elsewhere. */
export const createCopyProgress = (stream: Output) => {
  const block = createLiveBlock(stream);
  const pauseMs = stream.isTTY ? 100 : 60_000;
  let drawnAt = stream.isTTY ? -Infinity : performance.now();
  return {
    draw: (counts: Counts, now: string): void => {
      if (performance.now() - drawnAt < pauseMs) return;
      drawnAt = performance.now();
      const line = `${plural(counts.runs + counts.runsThere, 'run')}, ${plural(counts.points, 'point')}, ${plural(counts.files, 'file')} (${bytes(counts.bytes)})  ${now}`;
      if (stream.isTTY) block.draw([line]);
      else stream.write(`${line}\n`);
    },
    end: block.clear,
  };
};

const mostNamed = 20;

/** What came over, and what did not; the second makes it end with 1. */
export const sayCopied = (copied: Copied, { show, note, endWith }: Pick<Context, 'show' | 'note' | 'endWith'>): void => {
  const { failures } = copied;
  show(copied, () =>
    [
      `${plural(copied.experiments, 'experiment')}`,
      `${plural(copied.runs, 'run')} with ${plural(copied.points, 'point')}${there(copied.runsThere)}`,
      `${plural(copied.files, 'file')}, ${bytes(copied.bytes)}${there(copied.filesThere)}`,
      ...(copied.loggedModels > 0 ? [plural(copied.loggedModels, 'logged model')] : []),
      `${plural(copied.models, 'registered model')}, ${plural(copied.versions, 'version')}${there(copied.versionsThere)}`,
    ].join('\n'),
  );
  if (failures.length === 0) return;
  for (const { what, id, message } of failures.slice(0, mostNamed)) note(`Not brought: ${what} ${id}: ${message}`);
  if (failures.length > mostNamed) note(`and ${failures.length - mostNamed} more: --json lists them all`);
  note('What is named here is missing or not whole. Do it again once it is mended: the rest is passed over.');
  endWith(1);
};
const there = (count: number): string => (count === 0 ? '' : `; ${plural(count, 'was', 'were')} there already`);
