import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { ask, fill, hostileModel, project } from './models-fill.ts';
import { judge, type Real, realJourneys, skip } from './real-visit.ts';

const visit = realJourneys(fill);
const at = (address: string): string => `/p/${project}/${address}`;
const isLive = (page: Page) => page.waitForSelector('.connection-live');
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).waitFor();
const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
/** For what starts a process of its own, which takes long where many run already. */
const slow = { timeout: 180_000 };
/** A server with too much to do refuses to begin another process, and says so: whoever asked asks again. */
const untilSaid = async (page: Page, said: Locator, again: string) => {
  const refused = page.getByRole('main').getByRole('alert').first();
  for (;;) {
    await said.or(refused).first().waitFor(slow);
    if (await said.isVisible()) return;
    await page.getByRole('button', { name: again }).first().click();
    await page.waitForTimeout(1000);
  }
};
const pathOf = (page: Page) => new URL(page.url()).pathname;

test('a version is found, and why it may go to production is said with numbers', { skip }, () =>
  visit(at('overview'), async (page) => {
    await page.getByRole('navigation').getByRole('link', { name: 'Models' }).click();
    await page.getByRole('searchbox', { name: 'Filter' }).fill("name LIKE 'tex%'");
    await page.waitForURL(/filter=/);
    await page.getByText('1 model', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'texts', exact: true }).click();
    await page
      .getByRole('row', { name: /^v1 champion/ })
      .getByRole('link', { name: 'v1' })
      .click();
    await heading(page, 'texts v1');
    await panel(page, 'Evidence')
      .getByRole('row', { name: /^accuracy 1\.0000 0\.\d{4} – 1\.0000/ })
      .waitFor();
    const lineage = panel(page, 'Where it comes from');
    await lineage.getByText('examples v1').waitFor();
    await lineage.getByText(/^training #\d+$/).waitFor();
    await lineage.getByRole('link', { name: /^train/ }).waitFor();
    await lineage.getByRole('link', { name: 'texts', exact: true }).waitFor();
    await page.goBack();
    await page.goBack();
    await page.getByText('1 model', { exact: true }).waitFor();
  }),
);

test('a filter that is wrong says where, and keeps what was found', { skip }, () =>
  visit(at('models'), async (page) => {
    const box = page.getByRole('searchbox', { name: 'Filter' });
    await box.fill("nmae = 'x'");
    await page.getByText(/Invalid filter at character 1/).waitFor();
    assert.equal(await box.getAttribute('aria-invalid'), 'true');
    await box.fill("name = 'nobody'");
    await box.press('Enter');
    await page.getByText('No model is found by this filter').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('2 models').waitFor();
    assert.equal(new URL(page.url()).search, '');
  }),
);

test('a gate that failed says by how much, and one that is open how far', { skip }, () =>
  visit(at('models/texts/1'), async (page) => {
    const gates = panel(page, 'Gates of gated');
    await gates.getByText('The gates of gated were not held against v1 yet.').waitFor();
    await gates.getByRole('button', { name: 'Judge now' }).click();
    await untilSaid(page, gates.getByText('v1 may not go to gated.'), 'Judge now');
    const failed = gates.getByRole('listitem').filter({ hasText: 'brier at most 0.001' });
    assert.match((await failed.textContent()) ?? '', /failed.*Misses by 0\.0\d+, and by at least 0\.0\d+ for certain/);
    const open = gates.getByRole('listitem').filter({ hasText: 'f1 of macro at least 0.999' });
    assert.match((await open.textContent()) ?? '', /left open.*The interval reaches/);
    const passed = gates.getByRole('listitem').filter({ hasText: 'accuracy at least 0.5' });
    assert.match((await passed.textContent()) ?? '', /passed/);
  }),
);

test('whoever is asked approves a version where they see why', { skip }, () =>
  visit(at('models/texts'), async (page) => {
    const approval = panel(page, 'Approval');
    await approval.getByRole('button', { name: 'Approve' }).click();
    const dialog = page.getByRole('dialog', { name: 'Approve texts v1' });
    await dialog.getByLabel('Comment').fill('read the evidence');
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await approval.getByText('owner agreed').waitFor();
    await page.getByRole('link', { name: 'Rollout 1 of careful' }).click();
    await heading(page, 'Rollout 1 of careful');
  }),
);

test('what differs between two versions is named file by file', { skip }, () =>
  visit(at('models/texts/2'), async (page) => {
    await page.getByLabel('Compare with').selectOption('v1');
    await page.waitForURL(/against=1/);
    const difference = panel(page, 'Difference to another version');
    await difference.getByRole('row', { name: /^card\.md/ }).waitFor();
    await difference.getByRole('row', { name: /^C 2 1/ }).waitFor();
    assert.equal(await difference.getByRole('row', { name: /^weights\.bin/ }).count(), 0);
    await page.reload();
    await difference.getByRole('row', { name: /^SHA256SUMS/ }).waitFor();
  }),
);

test('an alias is moved knowing who follows it, and is seen everywhere', { skip }, () =>
  visit(at('models'), async (page, { address }) => {
    await isLive(page);
    const other = await page.context().newPage();
    await other.goto(address + at('models/texts'));
    await isLive(other);
    await other.getByRole('button', { name: 'Move champion', exact: true }).click();
    const dialog = other.getByRole('dialog', { name: 'Move the alias champion' });
    await dialog.getByLabel('Points at').selectOption('v2');
    await dialog.getByText('Endpoint texts follows it, and goes on answering with v1 until something is deployed there.').waitFor();
    await dialog.getByText('Whoever loads texts@champion gets v2 from now on.').waitFor();
    await dialog.getByRole('button', { name: 'Point champion at v2' }).click();
    await dialog.waitFor({ state: 'detached' });
    await other.getByRole('row', { name: /^v2 champion/ }).waitFor();
    // The page that was open all the while is told by the stream.
    await page
      .getByRole('row', { name: /^texts/ })
      .getByText('champion v2')
      .waitFor();
    await page.goto(address + at('models/texts/2'));
    await page.locator('.version-lead').getByText('champion').waitFor();
    await page.goto(address + at('endpoints/texts'));
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    await page.getByRole('option', { name: 'texts@champion, now v2' }).waitFor({ state: 'attached' });
  }),
);

test('an alias is set and taken away again', { skip }, () =>
  visit(at('models/texts'), async (page) => {
    await page.getByRole('button', { name: 'Set an alias' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Alias', { exact: false }).first().fill('tried');
    await dialog.getByText('No endpoint follows it.').waitFor();
    await dialog.getByRole('button', { name: /^Point tried at v/ }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Remove tried' }).click();
    await dialog.getByText('Whoever loads texts@tried is refused from now on.').waitFor();
    await dialog.getByRole('button', { name: 'Remove tried' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Remove tried' }).waitFor({ state: 'detached' });
  }),
);

test('an endpoint is tried, and the prediction leads over the log and feedback back to its rows', { skip }, () =>
  visit(at('endpoints'), async (page) => {
    await page.getByRole('link', { name: 'texts', exact: true }).first().click();
    await heading(page, 'Endpoint texts');
    await page.getByRole('button', { name: 'Fill in the example' }).click();
    const box = panel(page, 'Try it').getByRole('textbox');
    assert.notEqual(await box.inputValue(), '');
    await box.fill('the flight was late and rude, never again');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('list', { name: 'Labels with their scores' }).getByText('bad').waitFor();
    const log = panel(page, 'Prediction log');
    await log
      .getByRole('row', { name: /the flight was late and rude, never again/ })
      .getByRole('link')
      .click();
    await heading(page, /^Prediction /);
    await panel(page, 'Input').getByText('the flight was late and rude, never again').waitFor();
    await untilSaid(page, panel(page, 'The way back to the rows').getByRole('heading', { name: /^train: 1\d\d rows/ }), 'Try again');
    await panel(page, 'The way back to the rows').getByText('examples v1').waitFor();
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByText('For “bad”').waitFor(slow);
    await page.locator('.explained mark', { hasText: 'late' }).waitFor();
    await page.getByLabel('What was true').selectOption('good');
    await page.getByLabel('Comment').fill('they were kind');
    await page.getByRole('button', { name: 'Send feedback' }).click();
    await page.getByText('Recorded. It counts in the next window of its monitor.').waitFor();
    await page.getByText('differs from the answer').waitFor();
    await panel(page, 'The way back to the rows').getByRole('link', { name: 'texts v1' }).click();
    await heading(page, 'texts v1');
  }),
);

test('the log is read page by page, and a link to a page shows the same', { skip }, () =>
  visit(at('endpoints/texts'), async (page) => {
    const log = panel(page, 'Prediction log');
    await log.getByRole('link', { name: 'Older' }).click();
    await page.waitForURL(/before=/);
    await log.getByRole('link', { name: 'Newest' }).waitFor();
    const first = () => log.getByRole('row').nth(1).textContent();
    const seen = await first();
    await page.reload();
    await log.getByRole('link', { name: 'Newest' }).waitFor();
    await log.getByRole('row').nth(1).waitFor();
    assert.equal(await first(), seen);
    await page.goBack();
    await log.getByText('refused: invalid').first().waitFor();
  }),
);

test('what is typed wrong is said beside its field, and nothing is sent', { skip }, () =>
  visit(at('endpoints/texts'), async (page) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('status').getByRole('link', { name: 'Look at this prediction' }).waitFor();
    assert.ok(
      asked.some((url) => url.endsWith('/infer')),
      'an empty text is a text',
    );
  }),
);

test('an endpoint whose deployment failed says why, and what to do', { skip }, () =>
  visit(at('endpoints'), async (page) => {
    await page
      .getByRole('row', { name: /broken/ })
      .getByText('does not answer', { exact: true })
      .waitFor();
    await page.getByRole('link', { name: 'broken' }).click();
    await page.getByText('Deployment 1 failed').waitFor();
    await page
      .locator('.notice')
      .getByText(/damaged/)
      .waitFor();
    await page.getByText(/Nothing answers here until a deployment succeeds/).waitFor();
    await page.getByRole('button', { name: 'Deploy another version' }).click();
    const dialog = page.getByRole('dialog', { name: 'Deploy to broken' });
    await dialog.getByLabel('What answers next').selectOption('texts/1');
    await dialog.getByText('Gates and approvals are not asked').waitFor();
    await dialog.getByRole('button', { name: 'Deploy texts/1' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Deployment 1 failed').waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /^2 answers/ }).waitFor();
  }),
);

test('what answered before comes back, and what follows is said first', { skip }, () =>
  visit(at('endpoints/texts'), async (page, { client }) => {
    await isLive(page);
    await client.endpoints.deploy({ params: { project, endpoint: 'texts' }, body: { model: 'texts/2' } });
    await page.getByRole('button', { name: 'Roll back to deployment 1' }).click();
    const dialog = page.getByRole('dialog', { name: 'Roll texts back to deployment 1' });
    await dialog.getByText('Until then texts v2 goes on answering, and if it cannot be loaded, for good.').waitFor();
    await dialog.getByRole('button', { name: 'Roll back to deployment 1' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /^3 answers/ }).waitFor();
    const { deployment } = await client.endpoints.get({ params: { project, endpoint: 'texts' } });
    assert.deepEqual([deployment?.number, deployment?.variants[0]?.version], [3, 1]);
  }),
);

test('names and tags are text, whatever they hold', { skip }, () =>
  visit(at('models'), async (page) => {
    await page.getByRole('link', { name: /^<img src=x/ }).click();
    await page.getByRole('heading', { level: 1, name: /^<img src=x/ }).waitFor();
    assert.equal(pathOf(page), `/p/${project}/models/${encodeURIComponent(hostileModel)}`);
    await panel(page, 'Description and tags').getByText('<script>window.hacked=1</script>').first().waitFor();
    await page.reload();
    await page.getByText('No version is registered yet.').waitFor();
    assert.equal(await page.evaluate('window.hacked'), undefined);
    assert.equal(await wider(page), 0);
  }),
);

test('what is not there says so and what to do', { skip }, () =>
  visit(at('models/nobody'), async (page, { address, client }) => {
    await page
      .getByRole('alert')
      .getByText(/nobody/)
      .first()
      .waitFor();
    await client.projects.create({ body: { name: 'fresh' } });
    await page.goto(`${address}/p/fresh/models`);
    await heading(page, 'No registered model yet');
    await page.goto(`${address}/p/fresh/endpoints`);
    await heading(page, 'No endpoint yet');
    await page.goto(`${address}/p/${project}/predictions/${'0'.repeat(32)}.0`);
    await page.getByRole('alert').waitFor();
  }),
);

const wider = (page: Page): Promise<number> =>
  page.evaluate(() => document.querySelector('main')!.scrollWidth - document.querySelector('main')!.clientWidth);

const looks = [
  { colorScheme: 'light', viewport: { width: 1440, height: 900 }, locale: 'en-GB' },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 }, locale: 'fr-FR' },
] as const;
for (const look of looks)
  test(`axe finds nothing in these pages, ${look.colorScheme}, ${look.viewport.width} wide, ${look.locale}`, { skip }, () =>
    visit(
      at('models'),
      async (page, { address, client }: Real) => {
        const found: string[] = [];
        const look = async (where: string, ready: string) => {
          await page.goto(`${address}${at(where)}`);
          await page.waitForSelector(ready, slow);
          found.push(...(await judge(page)).map((finding) => `${where} ${finding}`));
          if ((await wider(page)) > 0) found.push(`${where} is ${await wider(page)} too wide`);
        };
        const { items } = await client.predictions.list({ params: { project }, query: { endpoint: 'texts' } });
        await look('models', 'tbody tr');
        await look('models/texts', '.aliases');
        await page.locator('.alias-acts button').first().click();
        found.push(...(await judge(page)));
        await look('models/texts/2?against=1', '.differences tbody tr');
        await look(`models/${encodeURIComponent(hostileModel)}`, '.tags');
        await look('endpoints', 'tbody tr');
        await ask(address, 'flight 9 was on time');
        await look('endpoints/texts', '.chart');
        await look('endpoints/broken', 'tbody tr');
        await look(`predictions/${items[0]!.id}`, '.trail-rows');
        assert.deepEqual(found, []);
      },
      look,
    ),
  );
