import { execFile } from 'node:child_process';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { createClient } from '@boucle/sdk';
import { chromium, type Page } from 'playwright-core';
import { fillRuns } from '../ground/fill-runs.ts';
import { latenciesOf, medianOf } from '../ground/latencies.ts';
import { startOurs } from '../ground/processes.ts';
import { inScratch } from '../ground/scratch.ts';
import { figure, printTable } from '../ground/table.ts';

const root = path.join(import.meta.dirname, '../..');
const project = 'default';

/** The page of runs in a headless browser on the machine of its server: both share its cores. */
export const web = async (): Promise<void> => {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      runs: { type: 'string', default: '100000' },
      points: { type: 'string', default: '100000' },
      rounds: { type: 'string', default: '3' },
    },
  });
  await inScratch(async (folder) => {
    const dist = path.join(folder, 'dist');
    await promisify(execFile)(
      path.join(root, 'node_modules/.bin/vite'),
      ['build', 'packages/web', '--outDir', dist, '--logLevel', 'warn'],
      {
        cwd: root,
      },
    );
    const data = path.join(folder, 'data');
    const rig = startOurs('web-rig', [data, dist]);
    try {
      const address = await new Promise<string>((resolve) =>
        rig.child.once('message', (said: { address: string }) => resolve(said.address)),
      );
      const runId = await fill(address, path.join(data, 'boucle.sqlite'), { runs: Number(values.runs), points: Number(values.points) });
      const rounds: Measured[] = [];
      for (let round = 0; round < Number(values.rounds); round++) rounds.push(await measure(address, runId));
      const rows = Object.keys(rounds[0]!).map((name) => {
        const all = rounds.map((one) => one[name]!);
        return [name, `${figure(medianOf(all))} (${figure(Math.min(...all))}–${figure(Math.max(...all))})`];
      });
      printTable([`${values.runs} runs, a curve of ${values.points} points`, 'median and range'], rows);
    } finally {
      await rig.stop();
    }
  });
};

const fill = async (address: string, file: string, { runs, points }: { runs: number; points: number }): Promise<string> => {
  const client = createClient({ baseUrl: address });
  const params = { project };
  const { id: experimentId } = await client.experiments.create({ params, body: { name: 'bench' } });
  fillRuns(file, { experimentId, count: runs });
  const { id: runId } = await client.runs.create({ params, body: { experimentId, name: 'curved' } });
  for (let from = 0; from < points; from += 10_000) {
    const metrics = Array.from({ length: Math.min(10_000, points - from) }, (_, i) => {
      const step = from + i;
      return { key: 'loss', step, time: 1_790_000_000_000 + step, value: Math.exp(-step / points) + 0.1 * Math.sin(step * 12.9898) };
    });
    await client.runs.log({ params: { ...params, runId }, body: { metrics } });
  }
  return runId;
};

type Measured = Readonly<Record<string, number>>;

const measure = async (address: string, runId: string): Promise<Measured> => {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(120_000);
    const began = performance.now();
    await page.goto(`${address}/p/${project}/runs`);
    await page.waitForSelector('.run-line');
    const firstRows = performance.now() - began;
    const painted = await page.evaluate<number>(
      "performance.getEntriesByType('paint').find(({ name }) => name === 'first-contentful-paint')?.startTime ?? NaN",
    );
    await page.locator('.runs-above', { hasText: /\d/ }).waitFor();
    const counted = performance.now() - began;
    const sorted = await clickOnHead(page);
    const { frames, blank, rows } = await scroll(page);
    const frame = latenciesOf(frames);
    const p95 = frames.toSorted((a, b) => a - b)[Math.floor(frames.length * 0.95)]!;
    const toRun = performance.now();
    await page.goto(`${address}/p/${project}/runs/${runId}`);
    await page.waitForSelector('.curve-plot canvas');
    return {
      'first paint (ms)': painted,
      'first rows (ms)': firstRows,
      'count above them (ms)': counted,
      'click on a column head (ms)': sorted,
      'frame while scrolling, median (ms)': frame.p50,
      'frame while scrolling, p95 (ms)': p95,
      'frames without rows': blank,
      'rows in the document': rows,
      'run page to its curve (ms)': performance.now() - toRun,
    };
  } finally {
    await browser.close();
  }
};

/** Until the rows are those of the new order, measured in the page. */
const clickOnHead = (page: Page): Promise<number> =>
  page.evaluate<number>(`new Promise((resolve) => {
    const first = () => document.querySelector('.run-line .run-name a')?.textContent;
    const before = first();
    const began = performance.now();
    const look = () => {
      const isThere = !document.querySelector('.run-stale') && first() !== before;
      if (isThere) resolve(performance.now() - began);
      else requestAnimationFrame(look);
    };
    [...document.querySelectorAll('.run-sort')].find((button) => button.textContent === 'm1').click();
    requestAnimationFrame(look);
  })`);

/** Three hundred frames of a quick wheel, over what is loaded and what comes meanwhile. */
const scroll = (page: Page) =>
  page.evaluate<{ frames: number[]; blank: number; rows: number }>(`new Promise((resolve) => {
    const grid = document.querySelector('.run-grid');
    const frames = [];
    let blank = 0;
    let last = performance.now();
    const step = (now) => {
      if (frames.length > 0 || now > last) frames.push(now - last);
      last = now;
      const box = grid.getBoundingClientRect();
      const at = document.elementFromPoint(box.left + 120, box.top + box.height / 2);
      if (!at?.closest('.run-line')) blank++;
      if (frames.length >= 300) return resolve({ frames: frames.slice(1), blank, rows: document.querySelectorAll('.run-line').length });
      grid.scrollTop += 160;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`);
