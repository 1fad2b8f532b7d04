/**
 * Draws the built page in every state and look, and lets axe-core judge each of them.
 *
 *     vite build && node scripts/look.ts FOLDER [view…]
 */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startFakeServer } from './fake-server.ts';
import { scenarios } from './fixtures.ts';
import { alertIds } from './fixtures-monitoring.ts';
import { rolloutIds } from './fixtures-rollouts.ts';
import { storyId } from './fixtures-story.ts';

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

interface View {
  readonly path: string;
  /** What is there once the page is. */
  readonly ready?: string;
  readonly act?: (page: Page) => Promise<void>;
  readonly isDown?: boolean;
}
const { weighing, promoted, rolledBack, waiting } = rolloutIds;
const views: Record<string, View> = {
  ...Object.fromEntries(Object.keys(scenarios).map((name) => [name, { path: `/p/${name}/overview` }])),
  nowhere: { path: '/p/nowhere/overview', ready: '.state-box button, .state-box a' },
  lost: { path: '/p/airline/overview' },
  down: { path: '/p/airline/overview', isDown: true },
  stories: { path: '/p/airline/stories' },
  'stories-fresh': { path: '/p/fresh/stories' },
  story: { path: `/p/airline/stories/${storyId}` },
  comparison: { path: '/p/airline/comparison', ready: '.comparison' },
  'comparison-fresh': { path: '/p/fresh/comparison' },
  rollouts: { path: '/p/airline/rollouts' },
  'rollouts-fresh': { path: '/p/fresh/rollouts' },
  'rollout-weighing': { path: `/p/airline/rollouts/${weighing}` },
  'rollout-promoted': { path: `/p/airline/rollouts/${promoted}` },
  'rollout-rolled-back': { path: `/p/airline/rollouts/${rolledBack}` },
  'rollout-waiting': { path: `/p/airline/rollouts/${waiting}`, ready: '.approval-open' },
  'rollout-by-hand': {
    path: `/p/airline/rollouts/${weighing}`,
    act: (page) => page.locator('.hand-actions button').last().click(),
  },
  'rollout-unknown': { path: '/p/airline/rollouts/nothing', ready: '.problem' },
  monitoring: { path: '/p/airline/monitoring', ready: '.bars' },
  'monitoring-faulty': { path: `/p/airline/monitoring?window=${(51).toString(16).padStart(32, 'b0')}`, ready: '.finding' },
  'monitoring-alert': { path: `/p/airline/alerts/${alertIds.resolved}`, ready: '.bars' },
  'monitoring-fresh': { path: '/p/fresh/monitoring' },
};
const pages = asked.length > 0 ? asked : Object.keys(views);
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
    const out = [
      ...document.querySelectorAll(
        '.station, .tile, .step, .story-entry, .loop-centre, .card, .chapter, .stage, .panel, .kpi, .alert, .gate',
      ),
    ].filter((box) => box.scrollHeight > box.clientHeight + 2 || box.scrollWidth > box.clientWidth + 2);
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
    const view = views[name];
    if (!view) throw new Error(`there is no view ${name}; there are ${Object.keys(views).join(', ')}`);
    await page.goto(`${server.url}${view.path}`);
    await page.waitForSelector(view.ready ?? '.connection-live');
    await view.act?.(page);
    if (name === 'lost' || view.isDown) {
      server.setDown(true);
      server.cut();
      await page.waitForSelector('.notice');
      if (view.isDown) await page.waitForSelector('.notice-broken', { timeout: 30_000 });
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
