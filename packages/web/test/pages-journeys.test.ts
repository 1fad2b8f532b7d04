import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { alertIds } from '../scripts/fixtures-monitoring.ts';
import { rolloutIds } from '../scripts/fixtures-rollouts.ts';
import { storyId } from '../scripts/fixtures-story.ts';
import { journeys, judge, skip } from './visit.ts';

const visit = journeys();
const isLive = (page: Page) => page.waitForSelector('.connection-live');
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).waitFor();
const pathOf = (page: Page) => new URL(page.url()).pathname;

test('from the overview a story leads to its evidence, and back again', { skip }, () =>
  visit('/p/airline/overview', async (page) => {
    await isLive(page);
    await page.getByRole('link', { name: 'Stories' }).click();
    await page.getByRole('link', { name: /Retraining because of drift/ }).click();
    await page.getByText('Drift in airline at endpoint sentiment').waitFor();
    assert.equal(await page.locator('.day').count(), 2);
    await page.getByRole('link', { name: 'the rollout' }).first().click();
    await heading(page, 'Rollout 9 of sentiment');
    await page.goBack();
    await heading(page, 'Retraining because of drift');
    await page.goBack();
    await heading(page, 'Stories');
    await page.goBack();
    await heading(page, 'Overview');
  }),
);

test('a story is asked for again when something happens in it, and for nothing else', { skip }, () =>
  visit(`/p/airline/stories/${storyId}`, async (page, server) => {
    await isLive(page);
    let asked = 0;
    page.on('request', (request) => (asked += Number(request.url().includes(`/stories/${storyId}`))));
    const event = (seq: number, correlationId: string | null) => ({
      seq,
      id: String(seq).padStart(32, '0'),
      type: 'alert.resolved',
      subject: { project: 'airline', type: 'alert', id: 'a' },
      actor: 'system',
      correlationId,
      at: new Date().toISOString(),
      data: {},
    });
    server.say(event(9000, null));
    for (let seq = 9001; seq < 9020; seq++) server.say(event(seq, storyId));
    await page.waitForTimeout(2500);
    assert.ok(asked >= 1 && asked <= 3, `asked ${asked} times for twenty events`);
  }),
);

test('in French a story is told in our own words', { skip }, () =>
  visit(
    `/p/airline/stories/${storyId}?lang=fr`,
    async (page) => {
      await heading(page, 'Réentraînement (cause : drift)');
      await page.getByText('Version de modèle sentiment v4 enregistrée').waitFor();
      assert.equal(await page.getByText('was registered').count(), 0);
    },
    { locale: 'fr-FR' },
  ),
);

test('arrow keys walk along the windows, the address follows, and back leaves the page', { skip }, () =>
  visit('/p/airline/stories', async (page) => {
    await isLive(page);
    await page.getByRole('link', { name: 'Monitoring' }).click();
    await page.locator('.strip-window[aria-current]').focus();
    const first = await page.locator('.window-title').textContent();
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction((title) => document.querySelector('.window-title')?.textContent !== title, first);
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(() => location.search.includes('window='));
    await page.getByRole('heading', { name: 'Window 3 Mar 09:00 – 10:00 UTC' }).waitFor();
    await page.goBack();
    await heading(page, 'Stories');
  }),
);

test('a column is chosen by link, and a link to it shows the same', { skip }, () =>
  visit('/p/airline/monitoring', async (page) => {
    await page.getByRole('link', { name: 'text, new words' }).click();
    await page.getByRole('cell', { name: '21.2%' }).waitFor();
    await page.reload();
    await heading(page, 'text, new words');
  }),
);

test('a notification’s address shows its alert, and who looks after it is asked for', { skip }, () =>
  visit(`/p/airline/alerts/${alertIds.firing}`, async (page) => {
    await page.locator('.alert-chosen').waitFor();
    assert.equal(pathOf(page), '/p/airline/monitoring');
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    const dialog = page.getByRole('dialog', { name: 'Acknowledge “Bad buzz”' });
    assert.ok(await dialog.getByRole('button', { name: 'Acknowledge' }).isDisabled());
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Acknowledge');
    await page.keyboard.press('Enter');
    await dialog.getByLabel('Comment').fill('calling United');
    await dialog.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('acknowledged by owner').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Acknowledge' }).count(), 0);
  }),
);

test('whoever approves is heard by the server', { skip }, () =>
  visit(`/p/airline/rollouts/${rolloutIds.waiting}`, async (page) => {
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await page.getByText('owner agreed').waitFor();
  }),
);

test('a rollout is rolled back by hand with a reason, and verified', { skip }, () =>
  visit(`/p/airline/rollouts/${rolloutIds.weighing}`, async (page) => {
    await isLive(page);
    await page.getByRole('button', { name: 'Roll back' }).click();
    const dialog = page.getByRole('dialog', { name: 'Roll back to v3' });
    await dialog.getByText('v3 answers every request at once.').waitFor();
    await dialog.getByLabel('Reason').fill('complaints');
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await page.getByText('owner rolled it back by hand, at event 560').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Roll back' }).count(), 0);
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('5 verdicts from 1,212 events come out the same').waitFor();
  }),
);

test('the evidence is read by keyboard, event by event', { skip }, () =>
  visit(`/p/airline/rollouts/${rolloutIds.promoted}`, async (page) => {
    const chart = page.getByRole('slider', { name: 'Odds, log axis' });
    await chart.focus();
    await page.keyboard.press('Home');
    assert.equal(await chart.getAttribute('aria-valuetext'), '0: that it is good enough 1 : 1, that it is worse 1 : 1');
    await page.keyboard.press('ArrowRight');
    assert.match((await chart.getAttribute('aria-valuetext')) ?? '', /^14: /);
    await page.getByText('At event 1,204 the evidence that v3 goes wrong less than 1.5 times as often as v2 reached 23.4 to 1').waitFor();
  }),
);

test('a comparison says what was chosen by what, and its curve is read by keyboard', { skip }, () =>
  visit('/p/airline/comparison', async (page) => {
    await page.getByText('logistic-regression is best by F1 negative on 2,196 validation rows').waitFor();
    const curve = page.getByRole('slider', { name: 'F1 negative' });
    await curve.focus();
    await page.keyboard.press('Home');
    assert.match((await curve.getAttribute('aria-valuetext')) ?? '', /^951: logistic-regression 83\.1%, bilstm 78\.0%, bert –$/);
    assert.equal(
      await page
        .getByRole('row', { name: /^Package/ })
        .locator('strong')
        .textContent(),
      '1.62\u00a0MB',
    );
    await page.getByRole('link', { name: 'run 4 of compare' }).click();
    await page.waitForURL(/stories/);
  }),
);

test('what is not there yet says what to do next', { skip }, () =>
  visit('/p/fresh/stories', async (page) => {
    await heading(page, 'No story yet');
    await page.getByRole('link', { name: 'Monitoring' }).click();
    await heading(page, 'Nothing is watched yet');
    await page.getByRole('link', { name: 'Rollouts' }).click();
    await heading(page, 'No rollout yet');
    await page.getByRole('link', { name: 'Comparison' }).click();
    await heading(page, 'Nothing has been compared yet');
  }),
);

const looks = [
  { colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const;
for (const look of looks)
  test(`axe finds nothing in the new pages, ${look.colorScheme}, ${look.viewport.width} wide`, { skip }, () =>
    visit(
      `/p/airline/stories/${storyId}`,
      async (page) => {
        const found: string[] = [];
        const walk = async (address: string, ready: string) => {
          await page.goto(new URL(address, page.url()).href);
          await page.waitForSelector(ready);
          found.push(...(await judge(page)).map((finding) => `${address} ${finding}`));
          const wide = await page.evaluate(() => document.querySelector('main')!.scrollWidth - document.querySelector('main')!.clientWidth);
          if (wide > 0) found.push(`${address} is ${wide} too wide`);
        };
        await walk(`/p/airline/stories/${storyId}`, '.chapter');
        await walk('/p/airline/monitoring', '.bars');
        await walk('/p/airline/comparison', '.comparison');
        await walk(`/p/airline/rollouts/${rolloutIds.promoted}`, '.chart');
        await walk(`/p/airline/rollouts/${rolloutIds.waiting}`, '.approval-open');
        await page.getByRole('button', { name: 'Promote' }).click();
        found.push(...(await judge(page)));
        assert.deepEqual(found, []);
      },
      look,
    ),
  );
