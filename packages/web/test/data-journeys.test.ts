import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { empty, fill, type Filled, hostileColumn, project } from './data-fill.ts';
import { judge, realJourneys, skip } from './real-visit.ts';

let filled: Filled;
const visit = realJourneys(async (real, folder) => {
  filled = await fill(real, folder);
});
const at = (page: string) => `/p/${project}/${page}`;
const isLive = (page: Page) => page.waitForSelector('.connection-live');
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).first().waitFor();
const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('the newest version of a dataset tells how its values lie, and what changed since the one before', { skip }, () =>
  visit(at('data'), async (page) => {
    await page
      .getByRole('row', { name: /people/ })
      .getByText('1 not met')
      .waitFor();
    await page.getByRole('link', { name: 'people', exact: true }).click();
    await heading(page, 'people v2');
    await heading(page, 'What changed since v1');
    await page.locator('.fates dd').first().waitFor();
    assert.deepEqual(await page.locator('.fates dd').allTextContents(), ['2', '1', '1', '1']);
    await page.getByRole('cell', { name: '37', exact: true }).first().waitFor();
    await page.getByText('1 of 3 rows').waitFor();
    await page.getByText('1 failing row').click();
    await page.getByRole('cell', { name: '172' }).first().waitFor();
    const bars = page.getByRole('img', { name: /^age, Values/ });
    const read = page.getByText(/^37.*: 1 row$|^37 – .*: 2 rows$/).first();
    // What is drawn anew between the focus and the key has none: a reader presses again.
    for (let i = 0; i < 40 && !(await read.isVisible()); i += 1) {
      await bars.press('Home');
      await page.waitForTimeout(250);
    }
    assert.ok(await read.isVisible());
    await page.getByRole('link', { name: 'v1', exact: true }).click();
    await heading(page, 'people v1');
    await page.getByText('This is the first version').waitFor();
  }),
);

test('who used a version is a link away: models, pipeline runs with their splits, runs', { skip }, () =>
  visit(at('data/examples/1'), async (page) => {
    await heading(page, 'Who used it');
    await page
      .getByRole('link', { name: /texts v\d+/ })
      .first()
      .waitFor();
    await page
      .getByText(/Split into: .*train \d+ rows/)
      .first()
      .waitFor();
    await page
      .getByRole('link', { name: /^training #\d+$/ })
      .first()
      .click();
    await heading(page, /^training #\d+$/);
  }),
);

test('rows are read page by page, and the address says which', { skip }, () =>
  visit(at('data/examples/1?from=26'), async (page) => {
    await page.getByText('26 to 50 of 120').waitFor();
    await page.getByRole('link', { name: 'Later rows' }).click();
    await page.getByText('51 to 75 of 120').waitFor();
    await page.goBack();
    await page.getByText('26 to 50 of 120').waitFor();
  }),
);

test('a file that is refused says its lines, and one that is right becomes a version', { skip }, () =>
  visit(at('data/people/2'), async (page) => {
    await page.getByRole('button', { name: 'Add a version' }).click();
    const file = page.locator('input[type=file]');
    await file.setInputFiles({
      name: 'people.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('id,name,age\n1,Ada,x\n2,Grace,85\n3,Alan,y\n'),
    });
    await page.getByRole('button', { name: 'Add it' }).click();
    await page.getByRole('alert').getByText('Line 2, column "age"').first().waitFor();
    await page
      .getByRole('alert')
      .getByText(/^Line 4, column "age"/)
      .waitFor();
    const lines = '{"id": 1, "name": "Ada", "age": 38}\n{"id": 6, "name": "Donald", "age": 80}\n';
    await file.setInputFiles({ name: 'people.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(lines) });
    await page.getByRole('button', { name: 'Add it' }).click();
    await heading(page, 'people v3');
    await page.locator('.fates dd').first().waitFor();
    assert.deepEqual(await page.locator('.fates dd').allTextContents(), ['1', '3', '1', '0']);
  }),
);

test('a run is started from the page with its parameters, and watched until it ends', { skip }, () =>
  visit(at('pipelines/nightly'), async (page) => {
    await heading(page, 'Steps');
    await page.getByText(/next .* UTC/).waitFor();
    await page.getByRole('button', { name: 'Start a run' }).click();
    await page.getByLabel('seed').fill('8');
    await page.getByRole('button', { name: 'Start it' }).click();
    await heading(page, 'nightly #1');
    await page.locator('.run-lead strong', { hasText: 'done' }).waitFor({ timeout: 120_000 });
    assert.equal(await page.locator('.graph-succeeded').count(), 1);
    assert.match((await page.locator('.run-params').textContent()) ?? '', /seed8/);
    await page.getByRole('link', { name: 'nightly', exact: true }).click();
    await page.getByRole('link', { name: '#1', exact: true }).waitFor();
  }),
);

test('a step that was reused says so, and leads to the run that made its outputs', { skip }, () =>
  visit('/', async (page, { address }) => {
    await page.goto(`${address}${at(`pipeline-runs/${filled.again}`)}`);
    await page.locator('.graph-node[data-node=train]').click();
    await page.getByText('It did not run: nothing that it depends on has changed').waitFor();
    await page.getByText('It did not run here, so it printed nothing.').waitFor();
    await page.getByRole('link', { name: 'the run that made them' }).click();
    await heading(page, /^training #\d+$/);
    await page.getByText('It ran because it never had before').waitFor();
    assert.match(page.url(), new RegExp(`${filled.first}\\?step=train`));
  }),
);

test('the graph is entered once by Tab and walked by arrow keys', { skip }, () =>
  visit('/', async (page, { address }) => {
    await page.goto(`${address}${at(`pipeline-runs/${filled.first}?step=split`)}`);
    await page.locator('.graph-node[data-node=split]').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.search === '?step=train');
    assert.equal(await page.locator('.graph [tabindex="0"]').count(), 1);
  }),
);

test('a run that failed opens its step, and the log at the first error', { skip }, () =>
  visit('/', async (page, { address }) => {
    await page.goto(`${address}${at(`pipeline-runs/${filled.failed}`)}`);
    await page.getByText('part 200 cannot be read').first().waitFor();
    const error = page.locator('.log-error');
    await error.waitFor();
    assert.match((await error.textContent()) ?? '', /ValueError: part 200/);
    const isSeen = await error.evaluate((line) => {
      const [inner, outer] = [line.getBoundingClientRect(), line.closest('.log')!.getBoundingClientRect()];
      return inner.top >= outer.top && inner.bottom <= outer.bottom;
    });
    assert.ok(isSeen, 'the first error is in view');
  }),
);

test('a run under way is cancelled, having said what follows', { skip }, () =>
  visit(at('pipelines'), async (page) => {
    await page.getByRole('region', { name: 'waiting' }).getByRole('button', { name: 'Start a run' }).click();
    await page.getByRole('button', { name: 'Start it' }).click();
    await heading(page, 'waiting #1');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Steps that wait never begin.').waitFor();
    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await page.locator('.run-lead strong', { hasText: 'cancelled' }).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Run again' }).waitFor();
  }),
);

test('a backfill says what it would run, and then runs it', { skip }, () =>
  visit(at('pipelines/nightly'), async (page) => {
    await page.getByRole('button', { name: 'Backfill' }).click();
    await page.getByLabel('From (UTC)').fill('2026-01-01T00:00');
    await page.getByLabel('To (UTC)').fill('2026-01-02T12:00');
    await page.getByRole('button', { name: 'See what would run' }).click();
    await page.getByRole('button', { name: 'Start 2 runs' }).click();
    await page.getByText('2 runs are on the way.').waitFor();
  }),
);

test('whatever stands in names and cells is text, and stays in its place', { skip }, () =>
  visit(
    at('data/hostile/1'),
    async (page) => {
      await heading(page, 'hostile v1');
      await page.getByText(hostileColumn.slice(0, 40), { exact: false }).first().waitFor();
      await page.locator('.rows-table td').first().waitFor();
      assert.equal(await page.evaluate(() => 'hacked' in window), false);
      assert.equal(await overflow(page), 0);
    },
    { viewport: { width: 390, height: 844 } },
  ),
);

test('a project with nothing says what to do first', { skip }, () =>
  visit(`/p/${empty}/data`, async (page) => {
    await heading(page, 'No data yet');
    await page.getByRole('link', { name: 'Pipelines' }).click();
    await heading(page, 'No pipeline yet');
  }),
);

const pages = (): readonly (readonly [name: string, address: string, ready: string])[] => [
  ['data', at('data'), '.datasets-table'],
  ['version', at('data/people/2'), '.fates'],
  ['pipelines', at('pipelines'), '.run-strip'],
  ['pipeline', at('pipelines/nightly'), '.graph'],
  ['pipeline run', at(`pipeline-runs/${filled.first}?step=train`), '.log'],
  ['failed run', at(`pipeline-runs/${filled.failed}`), '.log-error'],
];
for (const [scheme, language, width] of [
  ['light', 'en', 1440],
  ['dark', 'fr', 1440],
  ['light', 'fr', 390],
  ['dark', 'en', 390],
] as const)
  test(`axe-core finds nothing on any page, ${scheme}, ${language}, ${width} wide`, { skip }, () =>
    visit(
      '/',
      async (page, { address }) => {
        for (const [name, path, ready] of pages()) {
          await page.goto(`${address}${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
          await page.locator(ready).first().waitFor();
          await isLive(page);
          assert.deepEqual(await judge(page), [], name);
          assert.equal(await overflow(page), 0, `${name} is wider than the window`);
          if (process.env['LOOK'])
            await page.screenshot({ path: `${process.env['LOOK']}/${name}-${scheme}-${language}-${width}.png`, fullPage: true });
        }
      },
      { colorScheme: scheme, locale: language === 'fr' ? 'fr-FR' : 'en-GB', viewport: { width, height: 900 } },
    ),
  );
