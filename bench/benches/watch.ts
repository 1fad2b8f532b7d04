import { once } from 'node:events';
import path from 'node:path';
import { compare, type Contender } from '../ground/compare.ts';
import { drive } from '../ground/drive.ts';
import { startOurs } from '../ground/processes.ts';
import { inScratch } from '../ground/scratch.ts';
import { startBoucle } from '../ground/servers.ts';
import { figure, printTable } from '../ground/table.ts';
import { askForOne, deployAs, trainOn } from '../ground/trained-server.ts';
import type { RigReport } from '../watch-rig.ts';
import { compareExactly } from '../watch/exactly.ts';
import { labelledEvery } from '../watch/orders.ts';

const records = Number(process.env['WATCH_RECORDS'] ?? 1_000_000);
const allowedMb = 300;
const seconds = 4;
const connections = 8;
const rounds = 5;

/** A million predictions in one window, from the log to the verdict; and what callers notice of it. */
export const watch = async (): Promise<void> => {
  await inScratch(watchOneWindow);
  console.log();
  await inScratch(askWatched);
};

const watchOneWindow = async (folder: string): Promise<void> => {
  const log = path.join(folder, 'log');
  await askRig<string>(['write', log, String(records)]);
  const { baseline, stretches, versions, window } = await askRig<RigReport>(['watch', log, String(records)]);
  console.log(
    `One window of ${records} predictions, ${records / labelledEvery} of them labelled; ${window.columns.length} comparisons over 6 columns.\n`,
  );
  const counts: Readonly<Record<string, number>> = { 'predictions counted': records, 'labels taken': records / labelledEvery };
  printTable(
    ['', 'seconds', 'of CPU', 'records/s', 'peak RSS (MB)', 'above baseline', 'with its children, PSS (MB)', 'above baseline'],
    Object.entries(stretches).map(([name, { seconds: took, cpuSeconds, rssMb, allMb }]) => [
      name,
      figure(took),
      figure(cpuSeconds),
      counts[name] === undefined ? '–' : figure(counts[name] / took),
      figure(rssMb),
      figure(rssMb - baseline.rssMb),
      figure(allMb),
      figure(allMb - baseline.allMb),
    ]),
  );
  const most = Math.max(...Object.values(stretches).map(({ rssMb }) => rssMb)) - baseline.rssMb;
  console.log(
    `\nAt most ${allowedMb} MB above the baseline: ${figure(most)} MB, ${most <= allowedMb ? 'kept' : 'not kept'}. Versions of the verdict: ${versions}.`,
  );
  console.log(
    `Drift: ${window.columns.map(({ column, measure, verdict }) => `${column}${measure ? ` (${measure})` : ''} ${verdict}`).join(', ')}.\n`,
  );
  printTable(['against a computation over all rows', 'stated', 'seen', ''], compareExactly(window, records));
};

const askRig = async <News>(args: readonly string[]): Promise<News> => {
  const rig = startOurs('watch-rig', args);
  const [news] = (await once(rig.child, 'message')) as [News];
  if (rig.child.exitCode === null) await once(rig.child, 'exit');
  return news;
};

/** One server, one model, two endpoints: a monitor looks at the predictions of one of them. */
const askWatched = async (folder: string): Promise<void> => {
  const server = await startBoucle(folder);
  try {
    const trained = await trainOn(server.url, folder);
    await deployAs(trained, { endpoint: 'unwatched', log: trained.deployment.log });
    console.log(`${connections} callers of a watched and of an unwatched endpoint, in turns:\n`);
    const asks = (name: string, endpoint: string): Contender => ({
      name,
      measure: async () => {
        const { perSecond, p50, p99 } = await drive({ url: server.url, connections, seconds, ask: askForOne(endpoint) });
        return { 'requests/s': perSecond, 'p50 (ms)': p50, 'p99 (ms)': p99 };
      },
    });
    await compare([asks('watched', trained.endpoint), asks('unwatched', 'unwatched')], rounds);
  } finally {
    await server.stop();
  }
};
