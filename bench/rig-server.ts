import { monitorEventLoopDelay } from 'node:perf_hooks';
import { loadConfig, type Server, startServer } from '@boucle/server';
import { sql } from 'kysely';

/** What the load rig tells the server that it has started. */
export type RigOrder = 'queries on' | 'queries off' | 'watch' | 'tell';
export type RigNews =
  | { readonly address: string; readonly queryMs: number }
  | { readonly delayP99: number; readonly delayMax: number; readonly queries: number };

/** The server under test, in a process that also makes its database slow on demand and watches its event loop. */
const wantedMs = 70;
const slowQuery = ({ platform }: Server, steps: number) =>
  sql`with recursive step(n) as (select 1 union all select n + 1 from step where n < ${steps}) select sum(n * n % 7) as sum from step`.execute(
    platform.db.read,
  );
/** How many steps take that long, on this machine and now. */
const stepsFor = async (server: Server): Promise<number> => {
  const trial = 100_000;
  await slowQuery(server, trial);
  const began = performance.now();
  await slowQuery(server, trial);
  return Math.round((trial * wantedMs) / (performance.now() - began));
};

const server = await startServer(await loadConfig({ env: {}, flags: { port: 0, data: process.argv[2]!, logLevel: 'warn' } }));
const steps = await stepsFor(server);
const began = performance.now();
await slowQuery(server, steps);
const tell = (news: RigNews): void => void process.send!(news);
tell({ address: server.address, queryMs: performance.now() - began });

let isQuerying = false;
let queries = 0;
const query = async (): Promise<void> => {
  for (; isQuerying; queries++) await slowQuery(server, steps);
};
const delay = monitorEventLoopDelay({ resolution: 1 });
process.on('message', (order: RigOrder) => {
  switch (order) {
    case 'queries on':
      isQuerying = true;
      return void query();
    case 'queries off':
      isQuerying = false;
      return;
    case 'watch':
      queries = 0;
      delay.reset();
      delay.enable();
      return;
    case 'tell':
      delay.disable();
      return tell({ delayP99: delay.percentile(99) / 1e6, delayMax: delay.max / 1e6, queries });
  }
});
process.on('SIGTERM', () => void server.close().then(() => process.exit(0)));
