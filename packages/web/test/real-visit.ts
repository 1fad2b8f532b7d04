import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { type Client, createClient } from '@boucle/sdk';
import { loadConfig, type Server, startServer } from '@boucle/server';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { pageAndBrowser, skip } from './browser.ts';

export { skip } from './browser.ts';
export { judge } from './visit.ts';

export interface Real {
  readonly address: string;
  readonly client: Client;
  /** On the same data and at the same address. */
  readonly restart: () => Promise<void>;
}

/** Walks through the page on the real server, whose records `fill` makes once for the journeys of a file. */
export const realJourneys = (fill: (real: Real, folder: string) => Promise<void>) => {
  const { dist, built, open } = pageAndBrowser();
  let folder = '';
  let server: Server | undefined;
  let real: Real | undefined;
  const start = async (port: number): Promise<Server> => {
    const config = await loadConfig({ env: {}, flags: { port, data: path.join(folder, 'data'), checkAnswers: true } });
    return startServer(config, { web: dist(), writeLog: () => {} });
  };
  before(async () => {
    if (skip) return;
    folder = await mkdtemp(path.join(tmpdir(), 'boucle-real-'));
    await built();
    server = await start(0);
    const { address } = server;
    real = {
      address,
      client: createClient({ baseUrl: address }),
      restart: async () => {
        await server!.close();
        server = await start(Number(new URL(address).port));
      },
    };
    await fill(real, folder);
  });
  after(async () => {
    await server?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });
  return (address: string, walk: (page: Page, real: Real) => Promise<void>, options?: BrowserContextOptions): Promise<void> =>
    open(real!.address + address, (page) => walk(page, real!), options);
};
