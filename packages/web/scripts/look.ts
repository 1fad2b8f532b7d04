/**
 * Draws the built page in every state and look, and lets axe-core judge each of them.
 *
 *     vite build && node scripts/look.ts FOLDER [scenario…]
 */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startFakeServer } from './fake-server.ts';
import { scenarios } from './fixtures.ts';

interface Look {
  readonly width: number;
  readonly height: number;
  readonly scheme: 'light' | 'dark';
  readonly language: 'en' | 'fr';
}
const looks: Look[] = [
  { width: 1440, height: 900, scheme: 'light', language: 'en' },
  { width: 1440, height: 900, scheme: 'dark', language: 'fr' },
  { width: 1024, height: 768, scheme: 'light', language: 'fr' },
  { width: 1024, height: 768, scheme: 'dark', language: 'en' },
  { width: 390, height: 844, scheme: 'light', language: 'en' },
  { width: 390, height: 844, scheme: 'dark', language: 'fr' },
];
const [folder = '/tmp/boucle-look', ...asked] = process.argv.slice(2);
const pages = asked.length > 0 ? asked : [...Object.keys(scenarios), 'nowhere', 'lost', 'down'];
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly target: string[]; readonly failureSummary: string }[];
}
const judge = async (page: Page): Promise<string[]> => {
  // Injected by evaluation: a script tag of ours would rightly be refused by the page's own policy.
  await page.evaluate(await import('node:fs/promises').then(({ readFile }) => readFile(axe, 'utf8')));
  const findings = (await page.evaluate('axe.run().then((result) => result.violations)')) as Finding[];
  return findings.map(
    ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary}`).join(' | ')}`,
  );
};

/** Text that sticks out of its box, or a page wider than the window. */
const overflow = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wide = document.documentElement.scrollWidth > innerWidth ? [`page is ${document.documentElement.scrollWidth} wide`] : [];
    const main = document.querySelector('main');
    if (main && main.scrollWidth > main.clientWidth) wide.push(`main is ${main.scrollWidth} wide in ${main.clientWidth}`);
    const out = [...document.querySelectorAll('.station, .tile, .step, .story-entry, .loop-centre')].filter(
      (box) => box.scrollHeight > box.clientHeight + 2 || box.scrollWidth > box.clientWidth + 2,
    );
    return [
      ...wide,
      ...out.map(
        (box) =>
          `${box.className} holds ${box.scrollWidth}x${box.scrollHeight} in ${box.clientWidth}x${box.clientHeight}: ${box.textContent?.slice(0, 60)}`,
      ),
    ];
  });

const draw = async (browser: Browser, name: string, look: Look): Promise<string[]> => {
  const server = await startFakeServer();
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.scheme,
    locale: look.language === 'fr' ? 'fr-FR' : 'en-GB',
    reducedMotion: 'reduce',
    bypassCSP: false,
  });
  const found: string[] = [];
  try {
    const page = await context.newPage();
    page.on('pageerror', (error) => found.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource|ERR_/.test(message.text())) found.push(`console: ${message.text()}`);
    });
    const project = name === 'lost' || name === 'down' ? 'airline' : name;
    await page.goto(`${server.url}/p/${project}/overview`);
    await page.waitForSelector(name === 'nowhere' ? '.state-box button, .state-box a' : '.connection-live');
    if (project !== name) {
      server.setDown(true);
      server.cut();
      await page.waitForSelector('.notice');
      if (name === 'down') await page.waitForSelector('.notice-broken', { timeout: 30_000 });
    }
    await page.waitForTimeout(300);
    found.push(...(await overflow(page)), ...(await judge(page)));
    const file = `${folder}/${name}-${look.width}-${look.scheme}-${look.language}`;
    await page.screenshot({ path: `${file}.png`, animations: 'disabled' });
    // The page scrolls within its main part: to see all of it, give it room.
    const height = await page.evaluate(() => (document.querySelector('main')?.scrollHeight ?? 0) + 60);
    if (height > look.height) {
      await page.setViewportSize({ width: look.width, height });
      await page.waitForTimeout(100);
      await page.screenshot({ path: `${file}-all.png`, animations: 'disabled' });
    }
  } finally {
    await context.close();
    await server.close();
  }
  return found;
};

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
let bad = 0;
try {
  for (const name of pages) {
    for (const look of looks) {
      const found = await draw(browser, name, look);
      bad += found.length;
      console.log(
        `${name} ${look.width} ${look.scheme} ${look.language}: ${found.length === 0 ? 'nothing found' : `\n  ${found.join('\n  ')}`}`,
      );
    }
  }
} finally {
  await browser.close();
}
process.exitCode = bad > 0 ? 1 : 0;
