import { createRequire } from 'node:module';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { startFakeServer } from '../scripts/fake-server.ts';
import { pageAndBrowser } from './browser.ts';

export { skip } from './browser.ts';
export type FakeServer = Awaited<ReturnType<typeof startFakeServer>>;
type Walk = (page: Page, server: FakeServer) => Promise<void>;

/** Walks through the page on a server that plays one: it can be cut, be down, and have any news. */
export const journeys = () => {
  const { dist, open } = pageAndBrowser();
  return async (address: string, walk: Walk, options?: BrowserContextOptions): Promise<void> => {
    const server = await startFakeServer(dist());
    try {
      await open(server.url + address, (page) => walk(page, server), options);
    } finally {
      await server.close();
    }
  };
};

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** What axe-core finds, of any grade. */
export const judge = async (page: Page): Promise<string[]> => {
  const { readFile } = await import('node:fs/promises');
  // Injected by evaluation: a script tag of ours would rightly be refused by the page's own policy.
  await page.evaluate(await readFile(axe, 'utf8'));
  return page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ target }) => target.join(" ")).join(", ")))',
  );
};
