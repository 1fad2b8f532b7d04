import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { createClient } from '@boucle/sdk';
import { loadConfig, startServer } from '../../src/index.ts';
import { databases } from '../../src/testing/databases.ts';

export const bothDatabases = Object.keys(databases) as (keyof typeof databases)[];

/** A server on data of its own, which lasts as long as the test; it can be started again on the same data. */
export const startAnew = async (
  t: TestContext,
  { database = 'sqlite', ...flags }: Readonly<Record<string, unknown>> & { database?: keyof typeof databases } = {},
) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'boucle-anew-'));
  const { url, stop } = await databases[database]();
  const log: string[] = [];
  const open = async (port: number) => {
    const config = await loadConfig({ env: {}, flags: { port, data: folder, database: url, checkAnswers: true, ...flags } });
    return startServer(config, { writeLog: (line) => log.push(line) });
  };
  let server = await open(0);
  const { address } = server;
  t.after(async () => {
    await server.close();
    await stop();
    await rm(folder, { recursive: true });
  });
  return {
    address,
    folder,
    log,
    client: createClient({ baseUrl: address }),
    stop: () => server.close(),
    /** At the same address. */
    restart: async () => {
      await server.close();
      server = await open(Number(new URL(address).port));
    },
  };
};
