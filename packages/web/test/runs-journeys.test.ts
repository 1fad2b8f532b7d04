import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { judge, realJourneys, skip } from './real-visit.ts';
import { empty, project, type Tracked, trackRuns } from './tracked-runs.ts';

let tracked: Tracked;
const visit = realJourneys(async ({ client }) => {
  tracked = await trackRuns(client);
});
const home = `/p/${project}/runs`;
const rows = (page: Page) => page.locator('.run-line .run-name a');
const hasRows = (page: Page) => rows(page).first().waitFor();
const first = (page: Page) => rows(page).first().textContent();
const searchOf = (page: Page) => new URL(page.url()).searchParams;
const filterBox = (page: Page) => page.getByLabel('Filter', { exact: true });

test('a filter that goes wrong is marked at its character, and one that is right finds runs', { skip }, () =>
  visit(home, async (page) => {
    await page.getByText('63 runs').waitFor();
    await filterBox(page).fill('metrics.f1 > small');
    await page.getByText('Character 14: expected a number').waitFor();
    assert.equal(await page.locator('.filter-mark').textContent(), 's');
    assert.equal(searchOf(page).get('q'), null, 'the page stays with what it understood');
    await hasRows(page);
    await filterBox(page).fill('metrics.f1 >');
    await page.getByText('Next comes').waitFor();
    assert.equal(await page.locator('.filter-mark').count(), 0);
    await filterBox(page).fill("metrics.f1 > 0.8 and params.model = 'bert'");
    await page.getByText(/^\d+ of 63 runs/).waitFor();
    assert.equal(searchOf(page).get('q'), "metrics.f1 > 0.8 and params.model = 'bert'");
    await filterBox(page).fill("params.model = 'none'");
    await page.getByText('No run passes this filter.').waitFor();
    await page.getByRole('button', { name: 'Show all runs' }).click();
    await page.getByText('63 runs').waitFor();
    assert.equal(await filterBox(page).inputValue(), '');
  }),
);

test('a link with a filter that nobody can read says where', { skip }, () =>
  visit(`${home}?q=metrics.f1+!+1`, async (page) => {
    await page.getByText(/^Character \d+: expected/).waitFor();
    assert.equal(await rows(page).count(), 0);
  }),
);

test('order, columns and experiments are in the address: another window shows the same, and back goes back', { skip }, () =>
  visit(home, async (page) => {
    await hasRows(page);
    await page.getByRole('columnheader', { name: 'f1' }).getByRole('button').click();
    await page.waitForFunction(() => location.search.includes('sort=-metrics.f1'));
    await page.locator('[role=columnheader][aria-sort=descending]', { hasText: 'f1' }).waitFor();
    await page.waitForSelector('.run-grid:not(.run-stale)');
    const best = await first(page);
    await page.getByRole('columnheader', { name: 'f1' }).getByRole('button').click();
    await page.waitForFunction((name) => document.querySelector('.run-line .run-name a')?.textContent !== name, best);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByLabel('Find a column').fill('mod');
    await page.getByRole('checkbox', { name: 'model' }).check();
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'model' }).waitFor();
    await page.getByRole('button', { name: 'Experiments: All experiments' }).click();
    await page.getByRole('checkbox', { name: 'topics' }).check();
    await page.keyboard.press('Escape');
    await page.getByText(/^31 runs/).waitFor();
    await page.waitForSelector('.run-grid:not(.run-stale)');
    const [seen, heads] = [await rows(page).allTextContents(), await page.getByRole('columnheader').allTextContents()];
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByText(/^31 runs/).waitFor();
    await hasRows(other);
    assert.deepEqual(await rows(other).allTextContents(), seen);
    assert.deepEqual(await other.getByRole('columnheader').allTextContents(), heads);
    await other.close();
    await page.goBack();
    await page.getByText(/^63 runs/).waitFor();
    await page.goBack();
    await page.waitForFunction((name) => document.querySelector('.run-line .run-name a')?.textContent === name, best);
  }),
);

test('a saved view brings its address back, also after the page was left', { skip }, () =>
  visit(`${home}?sort=params.C&q=params.C+%3D+%2710%27`, async (page) => {
    await hasRows(page);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Save this view' }).click();
    await page.getByLabel('Name', { exact: false }).fill('tens');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.goto(new URL(home, page.url()).href);
    await page.getByText('63 runs').waitFor();
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'tens', exact: true }).click();
    await page.getByText('15 of 63 runs').waitFor();
    assert.equal(searchOf(page).get('sort'), 'params.C');
  }),
);

test('groups are the server’s, and one that is closed keeps its head', { skip }, () =>
  visit(`${home}?group=params.model`, async (page) => {
    const group = page.getByRole('row', { name: /^bert 21 runs/ });
    await group.waitFor();
    const inside = await first(page);
    await group.getByRole('button').click();
    await page.waitForFunction((name) => document.querySelector('.run-line .run-name a')?.textContent !== name, inside);
    assert.equal(await group.getByRole('button').getAttribute('aria-expanded'), 'false');
  }),
);

test('the table is walked by keyboard, and two of its runs compared', { skip }, () =>
  visit(`${home}?q=metrics.f1+%3E+0.8&columns=params.C,params.seed`, async (page) => {
    await hasRows(page);
    const grid = page.getByRole('grid', { name: 'Runs' });
    await grid.focus();
    for (const key of ['ArrowDown', 'Space', 'ArrowDown', 'Space']) await page.keyboard.press(key);
    assert.equal(await grid.getAttribute('aria-activedescendant'), await page.locator('.run-active').getAttribute('id'));
    await page.getByText('2 selected').waitFor();
    await page.getByRole('link', { name: 'Compare 2 runs' }).click();
    await page.getByText('What differs between 2 runs, and does it matter?').waitFor();
    await page.getByText('1 is the same in all runs').waitFor();
    assert.equal(await page.getByRole('row', { name: /^seed/ }).count(), 0);
    await page.getByRole('button', { name: 'Show them' }).click();
    await page.getByRole('row', { name: /^seed/ }).waitFor();
    await page.goBack();
    await page.getByRole('grid').waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/runs\/[0-9a-f]{32}/);
  }),
);

test('new runs wait until they are asked for', { skip }, () =>
  visit(`${home}?q=attributes.run_name+LIKE+%27late%25%27`, async (page, { client }) => {
    await page.waitForSelector('.connection-live');
    await page.getByText('0 of').waitFor();
    const params = { project };
    const { id: runId } = await client.runs.create({ params, body: { name: 'late one', experiment: 'topics' } });
    await page.getByRole('button', { name: '1 new' }).waitFor();
    assert.equal(await rows(page).count(), 0);
    await page.getByRole('button', { name: '1 new' }).click();
    await rows(page).filter({ hasText: 'late one' }).waitFor();
    await page.getByRole('img', { name: 'running' }).waitFor();
    await client.runs.finish({ params: { ...params, runId }, body: { status: 'killed' } });
    await page.getByRole('img', { name: 'killed' }).waitFor();
    await client.runs.remove({ params: { ...params, runId } });
  }),
);

test('a curve is read by keyboard: a gap is a gap, a peak is kept, and zooming asks again', { skip }, () =>
  visit(`${home}/${tracked.curved}`, async (page) => {
    await page.getByText(/^1,99\d of 6,000 points$|^2,000 of 6,000 points$/).waitFor();
    const loss = page.getByRole('slider', { name: 'loss' });
    await loss.focus();
    await page.keyboard.press('Home');
    assert.match((await loss.getAttribute('aria-valuetext')) ?? '', /^0: curved 1\.08/);
    const f1 = page.getByRole('slider', { name: 'f1' });
    assert.match((await f1.getAttribute('aria-valuetext')) ?? '', /^0: curved 0\.5000/, 'the cursor is shared');
    await f1.focus();
    for (let step = 0; step < 34; step++) await page.keyboard.press('ArrowRight');
    assert.match((await f1.getAttribute('aria-valuetext')) ?? '', /^3[0-9]: curved –$/);
    for (const _ of [1, 2, 3]) await page.keyboard.press('+');
    await page.waitForFunction(() => location.search.includes('zoom='));
    await page
      .getByRole('figure')
      .filter({ hasText: 'loss' })
      .getByText(/^\d+ points?$/)
      .waitFor();
    await page.getByRole('button', { name: 'Show all of it' }).first().click();
    await page.getByText(/of 6,000 points$/).waitFor();
    await page.getByRole('figure').filter({ hasText: 'f1' }).getByText('As a table').click();
    await page.getByRole('row', { name: '31 –' }).waitFor();
    await page.getByLabel('Log axis').check();
    await page.getByText(/6 at or below zero are not on a log axis/).waitFor();
    assert.equal(await page.getByText('system/cpu').count(), 0);
    await page.getByText('System metrics').first().click();
    await page.getByRole('slider', { name: 'system/cpu' }).waitFor();
  }),
);

test('files are looked at, and nothing in them runs', { skip }, () =>
  visit(`${home}/${tracked.curved}`, async (page) => {
    const open = (name: string) => page.getByRole('button', { name }).click();
    await open('report.html');
    const frame = page.frameLocator('iframe.artifact-page');
    await frame.getByRole('heading', { name: 'A report' }).waitFor();
    assert.equal(await frame.locator('#p').textContent(), 'quiet');
    assert.equal(await page.locator('iframe.artifact-page').getAttribute('sandbox'), '');
    await open('false.png');
    await page.getByText('Its name says image, and its bytes do not').waitFor();
    await page.locator('.artifact-text', { hasText: 'not an image' }).waitFor();
    assert.equal(await page.locator('.artifact-image').count(), 0);
    await open('rows.csv');
    await page.getByRole('cell', { name: 'late, again' }).waitFor();
    await page.getByRole('cell', { name: '<b>fine</b>' }).waitFor();
    await open('notes.md');
    await page.locator('.artifact-text', { hasText: '<script>' }).waitFor();
    await open('facts.json');
    await page.locator('.artifact-text', { hasText: '"b": [' }).waitFor();
    await open('weights.bin');
    await page.getByText('This kind of file is not shown here').waitFor();
    await open('paper.pdf');
    await page.getByText('Browsers do not show a PDF without trusting it').waitFor();
    await open('plots/');
    await open('true.png');
    await page.waitForFunction(() => document.querySelector<HTMLImageElement>('.artifact-image')?.naturalWidth === 48);
    assert.equal(searchOf(page).get('file'), 'plots/true.png');
    assert.equal(await page.evaluate('window.ran'), undefined);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download' }).click();
    assert.equal((await download).suggestedFilename(), 'true.png');
    await page.goBack();
    await page.getByText('Browsers do not show a PDF').waitFor();
  }),
);

test('a run under another leads to it, and back to it from there', { skip }, () =>
  visit(`${home}/${tracked.parent}`, async (page) => {
    await page.getByRole('link', { name: 'a fold of it' }).click();
    await page.getByRole('heading', { name: 'a fold of it', level: 1 }).waitFor();
    await page.getByText('Belongs to').waitFor();
  }),
);

test('texts of any kind and length stay texts, and within the page', { skip }, () =>
  visit(`${home}/${tracked.odd}`, async (page) => {
    await page.getByRole('heading', { name: /<script>alert\(1\)<\/script>/ }).waitFor();
    await page.getByRole('button', { name: 'Show all of it' }).first().click();
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      assert.equal(await overflowOf(page), 0, `${width} wide`);
    }
  }),
);

test('a server that comes back under an open page is found again', { skip }, () =>
  visit(home, async (page, { restart }) => {
    await page.waitForSelector('.connection-live');
    await hasRows(page);
    await restart();
    await page.waitForSelector('.connection-live');
    await page.getByRole('columnheader', { name: 'loss' }).getByRole('button').click();
    await page.waitForFunction(() => location.search.includes('sort=-metrics.loss'));
    await page.waitForSelector('.run-grid:not(.run-stale)');
    await hasRows(page);
  }),
);

test('a project without runs says how they come', { skip }, () =>
  visit(`/p/${empty}/runs`, async (page) => {
    await page.getByRole('heading', { name: 'No run yet' }).waitFor();
    await page.getByText('export MLFLOW_TRACKING_URI=http://127.0.0.1').waitFor();
  }),
);

const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const main = document.querySelector('main')!;
    return main.scrollWidth - main.clientWidth;
  });
const looks = [
  { colorScheme: 'light', locale: 'en-GB', viewport: { width: 1440, height: 900 } },
  { colorScheme: 'dark', locale: 'fr-FR', viewport: { width: 390, height: 844 } },
] as const;
for (const look of looks)
  test(`axe finds nothing in the pages of runs, ${look.colorScheme}, ${look.locale}, ${look.viewport.width} wide`, { skip }, () =>
    visit(
      home,
      async (page, { client }) => {
        const { items } = await client.runs.search({ params: { project }, body: { filter: 'metrics.f1 > 0.8', limit: 4 } });
        const ids = items.map(({ id }) => id).join(',');
        const places = [
          [home, '.run-line'],
          [`${home}?group=params.model`, '.run-group'],
          [`${home}?q=metrics.f1+%3E+x`, '.filter-mark'],
          [`${home}/${tracked.curved}?file=rows.csv&smooth=0.9`, '.artifact-rows'],
          [`${home}/${tracked.odd}`, '.run-texts'],
          [`${home}/comparison?ids=${ids}&equal=true`, '.parallel-line'],
          [`${home}/comparison`, '.state-box'],
          [`/p/${empty}/runs`, '.state-box'],
        ] as const;
        const found: string[] = [];
        for (const [address, ready] of places) {
          await page.goto(new URL(address, page.url()).href);
          await page.waitForSelector(ready);
          found.push(...(await judge(page)).map((finding) => `${address} ${finding}`));
          const wide = await overflowOf(page);
          if (wide > 0) found.push(`${address} is ${wide} too wide`);
        }
        assert.deepEqual(found, []);
      },
      look,
    ),
  );
