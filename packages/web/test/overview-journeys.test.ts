import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { correlationId, scenarios } from '../scripts/fixtures.ts';
import { journeys, skip } from './visit.ts';

const visit = journeys();
const isLive = (page: Page) => page.waitForSelector('.connection-live');
const lines = (page: Page) => page.locator('.story-what').allTextContents();
const feedback = (seq: number, recorded: number) => ({
  ...scenarios['airline']!.events[0]!,
  seq,
  id: String(seq).padStart(32, '0'),
  type: 'feedback.recorded',
  correlationId,
  at: new Date().toISOString(),
  data: { endpoint: `desk-${seq}`, recorded, agreed: recorded },
});

test('the root leads to the first project', { skip }, () =>
  visit('/', async (page) => {
    await isLive(page);
    assert.equal(new URL(page.url()).pathname, '/p/airline/overview');
  }),
);

test('what happens is told while the page is open', { skip }, () =>
  visit('/p/in-progress/overview', async (page, server) => {
    await isLive(page);
    const before = await lines(page);
    server.say(feedback(900, 7));
    await page.getByText('7 feedback entries recorded').waitFor();
    assert.equal((await lines(page)).length, before.length + 1);
  }),
);

test('a broken stream is said, and what was missed is there once when it is back', { skip }, () =>
  visit('/p/airline/overview', async (page, server) => {
    await isLive(page);
    const before = await lines(page);
    server.setDown(true);
    server.cut();
    await page.getByText('The event stream is interrupted').waitFor();
    server.say(feedback(901, 8));
    server.setDown(false);
    await isLive(page);
    await page.getByText('8 feedback entries recorded').waitFor();
    server.say(feedback(902, 9));
    await page.getByText('9 feedback entries recorded').waitFor();
    assert.deepEqual(await lines(page), [...before, '8 feedback entries recorded', '9 feedback entries recorded']);
    assert.equal(await page.locator('.notice').count(), 0);
  }),
);

test('the theme follows the system, and a choice against it outlives a reload', { skip }, () =>
  visit(
    '/p/airline/overview',
    async (page) => {
      const scheme = () => page.locator('html').getAttribute('data-mantine-color-scheme');
      await isLive(page);
      assert.equal(await scheme(), 'dark');
      await page.getByRole('button', { name: 'Use the light theme' }).click();
      await page.reload();
      await isLive(page);
      assert.equal(await scheme(), 'light');
      await page.getByRole('button', { name: 'Use the dark theme' }).click();
      await page.emulateMedia({ colorScheme: 'light' });
      await page.waitForFunction(() => document.documentElement.dataset['mantineColorScheme'] === 'light');
    },
    { colorScheme: 'dark' },
  ),
);

test('French is one choice away and stays', { skip }, () =>
  visit('/p/airline/overview', async (page) => {
    await isLive(page);
    await page.getByText('FR', { exact: true }).click();
    await page.getByRole('heading', { name: 'La boucle' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'La boucle' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
  }),
);

test('another project is reached by keyboard, and nothing of the first one stays', { skip }, () =>
  visit('/p/airline/overview', async (page) => {
    await isLive(page);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.className), 'skip-link');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'fresh' }).press('Enter');
    await page.getByRole('heading', { name: 'Start here' }).waitFor();
    assert.deepEqual(await lines(page), []);
    assert.equal(await page.title(), 'Overview, fresh · Boucle');
  }),
);

test('a project that is not there leads on to those that are', { skip }, () =>
  visit('/p/nowhere/overview', async (page) => {
    await page.getByRole('heading', { name: 'There is no project “nowhere”' }).waitFor();
    await page.getByRole('link', { name: 'Go to fresh' }).click();
    await page.getByRole('heading', { name: 'Start here' }).waitFor();
  }),
);
