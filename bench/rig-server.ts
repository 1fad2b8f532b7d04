import { monitorEventLoopDelay } from 'node:perf_hooks';
import { loadConfig, type Server, startServer } from '@boucle/server';
import { sql } from 'kysely';

/** What the load rig tells the server that it has started. */
export type RigOrder = 'queries on' | 'queries off' | 'watch' | 'tell';
export type RigNews =
  | { readonly address: string; readonly queryMs: number }
  | { readonly delayP99: number; readonly delayMax: number; readonly workMax: number; readonly queries: number };

/** The server under test, in a process that also makes its database slow on demand and watches its event loop. */
const wantedMs = 70;
const slowQuery = ({ platform }: Server, steps: number) =>
  sql`with recursive step(n) as (select 1 union all select n + 1 from step where n < ${steps}) select sum(n * n % 7) as sum from step`.execute(
    platform.db.read,
  );
const timeOf = async (steps: number): Promise<number> => {
  const began = performance.now();
  await slowQuery(server, steps);
  return performance.now() - began;
};

const server = await startServer(await loadConfig({ env: {}, flags: { port: 0, data: process.argv[2]!, logLevel: 'warn' } }));
/** How many steps take that long, on this machine and now; the quickest of a few tells it, for the others were held up. */
let steps = 100_000;
let queryMs = 0;
for (let trial = 0; trial < 3; trial++) {
  queryMs = Math.min(await timeOf(steps), await timeOf(steps), await timeOf(steps));
  if (trial < 2) steps = Math.round((steps * wantedMs) / queryMs);
}
const tell = (news: RigNews): void => void process.send!(news);
tell({ address: server.address, queryMs });

let isQuerying = false;
let queries = 0;
const query = async (): Promise<void> => {
  for (; isQuerying; queries++) await slowQuery(server, steps);
};

const delay = monitorEventLoopDelay({ resolution: 1 });
/** The longest that the main thread itself worked in one go: unlike the delay, it says nothing of what else the machine did. */
let workMax = 0;
let watching: NodeJS.Timeout | undefined;
const watch = (): void => {
  queries = 0;
  workMax = 0;
  delay.reset();
  delay.enable();
  let before = cpuMs();
  watching = setInterval(() => {
    const now = cpuMs();
    workMax = Math.max(workMax, now - before);
    before = now;
  }, 1);
};
const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
process.on('message', (order: RigOrder) => {
  switch (order) {
    case 'queries on':
      isQuerying = true;
      return void query();
    case 'queries off':
      isQuerying = false;
      return;
    case 'watch':
      return watch();
    case 'tell':
      clearInterval(watching);
      delay.disable();
      return tell({ delayP99: delay.percentile(99) / 1e6, delayMax: delay.max / 1e6, workMax, queries });
  }
});
process.on('SIGTERM', () => void server.close().then(() => process.exit(0)));
