import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { build } from 'vite';

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

/** The page, built for the journeys of one file, and a browser. A folder of its own: other files build at the same time. */
export const pageAndBrowser = () => {
  let browser: Browser | undefined;
  let dist = '';
  let built: Promise<void> | undefined;
  const prepare = async (): Promise<void> => {
    if (skip) return;
    dist = await mkdtemp(path.join(tmpdir(), 'boucle-web-'));
    await build({
      configFile: `${import.meta.dirname}/../vite.config.ts`,
      logLevel: 'warn',
      build: { outDir: dist, emptyOutDir: true },
    });
    browser = await chromium.launch({ executablePath, args });
  };
  before(() => (built = prepare()));
  after(async () => {
    await browser?.close();
    if (dist) await rm(dist, { recursive: true, force: true });
  });
  return {
    dist: () => dist,
    /** Hooks of a file run side by side: whoever serves the page waits until it is there. */
    built: () => built,
    open: async (url: string, walk: (page: Page) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> => {
      const context = await browser!.newContext({ reducedMotion: 'reduce', locale: 'en-GB', ...options });
      context.setDefaultTimeout(20_000);
      try {
        const page = await context.newPage();
        await page.goto(url);
        await walk(page);
      } finally {
        await context.close();
      }
    },
  };
};
