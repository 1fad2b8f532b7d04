import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { startFakeServer } from '../scripts/fake-server.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
export const skip = existsSync(executablePath) ? false : `no browser at ${executablePath}; install chromium or name one in CHROMIUM`;
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
export type FakeServer = Awaited<ReturnType<typeof startFakeServer>>;
type Walk = (page: Page, server: FakeServer) => Promise<void>;

/** Builds the page and starts a browser for the journeys of one file. A folder of its own: other files build at the same time. */
export const journeys = () => {
  let browser: Browser | undefined;
  let dist = '';
  before(async () => {
    if (skip) return;
    dist = await mkdtemp(path.join(tmpdir(), 'boucle-web-'));
    await build({
      configFile: `${import.meta.dirname}/../vite.config.ts`,
      logLevel: 'warn',
      build: { outDir: dist, emptyOutDir: true },
    });
    browser = await chromium.launch({ executablePath, args });
  });
  after(async () => {
    await browser?.close();
    if (dist) await rm(dist, { recursive: true, force: true });
  });
  return async (address: string, walk: Walk, options: BrowserContextOptions = {}): Promise<void> => {
    const server = await startFakeServer(dist);
    const context = await browser!.newContext({ reducedMotion: 'reduce', locale: 'en-GB', ...options });
    context.setDefaultTimeout(20_000);
    try {
      const page = await context.newPage();
      await page.goto(server.url + address);
      await walk(page, server);
    } finally {
      await context.close();
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
