import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { AppError } from '@boucle/contract';
import { parseFilter, parseOrder } from '@boucle/contract';
import fc from 'fast-check';
import { newId } from '../../platform/index.ts';
import { databases } from '../../testing/databases.ts';
import { type Ground, layGround } from '../../testing/ground.ts';
import { type AnyRun, aQuery, compareBy, fileRuns, holds, someRuns } from '../../testing/random-runs.ts';
import { runFields } from './run-fields.ts';
import { createSearch, type SearchInput } from './search.ts';

for (const [name, start] of Object.entries(databases)) {
  describe(`searching runs on ${name}`, () => {
    let ground: Ground;
    let experiments = 0;
    before(async () => {
      ground = await layGround(start);
    });
    after(() => ground.stop());

    const file = async (some: readonly Partial<AnyRun>[]): Promise<{ id: string; runs: AnyRun[] }> => {
      const id = String(900 + experiments++);
      const runs = someRuns(some.map((run) => ({ ...run, experimentId: id })));
      await fileRuns(ground, [id], runs);
      return { id, runs };
    };
    const namesOf = async (experimentId: string, input: Partial<SearchInput> = {}): Promise<string[]> => {
      const search = createSearch(ground);
      const { items } = await search.runs(ground.actor.project, { experimentIds: [experimentId], limit: 1000, ...input });
      return items.map((run) => run.name);
    };

    test('a page brings the keys that are asked for, and no others', async () => {
      const { id } = await file([{ name: 'a', metrics: { m: 1, n: 2 }, params: { p: 'x', q: 'y' }, tags: { t: 'z' } }]);
      const search = createSearch(ground);
      const only = { metrics: ['n', 'none'], params: ['p'], tags: [] };
      const { items } = await search.runs(ground.actor.project, { experimentIds: [id], limit: 1, only });
      assert.deepEqual([items[0]!.metrics, items[0]!.params, items[0]!.tags], [{ n: 2 }, { p: 'x' }, {}]);
    });

    test('lists each key of some experiments once, also by a part of it', async () => {
      const { id } = await file([
        { name: 'a', metrics: { loss: 1, 'val/Loss': 1 } },
        { name: 'b', metrics: { loss: 2, acc: 1 } },
      ]);
      const other = await file([{ name: 'c', metrics: { other: 1 } }]);
      const { project } = ground.actor;
      const keys = async (part: string, experimentIds: string[], limit = 10) =>
        (await createSearch(ground).keys(project, { kind: 'metric', part, experimentIds, limit })).items.map(({ key }) => key).sort();
      assert.deepEqual(await keys('', [id]), ['acc', 'loss', 'val/Loss']);
      assert.deepEqual(await keys('LOSS', [id]), ['loss', 'val/Loss']);
      assert.deepEqual(await keys('', [id, other.id]), ['acc', 'loss', 'other', 'val/Loss']);
      assert.equal((await keys('', [id], 2)).length, 2);
      assert.deepEqual(await keys('nothing', [id]), []);
    });

    test('answers each row of the grammar', async () => {
      const { id, runs } = await file([
        {
          name: 'a',
          metrics: { m: 1 },
          params: { p: 'Yes' },
          tags: { t: 'x' },
          status: 'finished',
          userId: 'ada',
          startedAt: 1000,
          endedAt: 5000,
        },
        { name: 'b', metrics: { m: Number.NaN }, params: { p: 'no%' }, status: 'running', startedAt: 2000, parentRunId: 'ffff' },
        {
          name: 'C c',
          metrics: { m: -2, 'a b': 1 },
          tags: { t: '' },
          status: 'failed',
          startedAt: 3000,
          endedAt: 3500,
          datasets: [{ name: 'd', digest: '1', context: 'train' }],
        },
      ]);
      const expected: Record<string, string> = {
        '': 'C c,b,a',
        'metrics.m > 0': 'a',
        'metrics.m >= 0': 'a',
        'metrics.m != 1': 'C c,b',
        'metrics.m < 0.5': 'C c',
        'metrics.m = 0': '',
        'NOT metrics.m = 0': 'C c,b,a',
        'metrics.m NOT IN (0, 1)': 'C c,b',
        'metrics.m IS NOT NULL': 'C c,b,a',
        'metrics.`a b` = 1': 'C c',
        'metrics.none != 1': '',
        'metrics.m IN (1, -2)': 'C c,a',
        'metrics.m BETWEEN -2 AND 0': 'C c',
        "params.p = 'Yes'": 'a',
        "params.p = 'yes'": '',
        "params.p != 'Yes'": 'b',
        "params.p LIKE 'Y%'": 'a',
        "params.p LIKE 'y%'": '',
        "params.p ILIKE 'y%'": 'a',
        "params.p ILIKE 'n_\\%'": '',
        "params.p LIKE 'no_'": 'b',
        'params.p IS NULL': 'C c',
        'param.p IS NOT NULL': 'b,a',
        "parameters.p NOT IN ('Yes')": 'b',
        "NOT params.p = 'Yes'": 'C c,b',
        "tags.t = ''": 'C c',
        "tag.t = 'x' OR metrics.m = -2": 'C c,a',
        "tags.t IS NULL AND (metrics.m != 0 OR params.p = 'Yes')": 'b',
        "tags.`mlflow.runName` = 'b'": 'b',
        "tags.mlflow.parentRunId = 'ffff'": 'b',
        "status = 'FINISHED'": 'a',
        "attributes.status != 'running'": 'C c,a',
        "attr.run_name LIKE 'C%'": 'C c',
        '"run name" = \'b\'': 'b',
        "run.user_id = 'ada'": 'a',
        "user_id != 'bob'": 'C c,b,a',
        "user_id = ''": 'C c,b',
        'user_id IS NULL': 'C c,b',
        'start_time > 1000': 'C c,b',
        'created <= 1999.5': 'a',
        'end_time > 0': 'C c,a',
        'end_time IS NULL': 'b',
        "start_time = '1970-01-01T00:00:02Z'": 'b',
        'start_time > 9e300': '',
        'start_time > -9e300': 'C c,b,a',
        [`run_id = '${runs[0]!.id}'`]: 'a',
        [`run_id IN ('${runs[0]!.id}', '${runs[1]!.id}', 'FFFF')`]: 'b,a',
        [`run_id NOT IN ('${runs[0]!.id}')`]: 'C c,b',
        [`artifact_uri LIKE 'mlflow-artifacts:/${id}/${runs[1]!.id}%'`]: 'b',
        "dataset.name = 'd'": 'C c',
        "datasets.digest ILIKE '_'": 'C c',
        "dataset.context IN ('train', 'test')": 'C c',
        "dataset.context = 'test'": '',
        'dataset.name IS NULL': 'b,a',
      };
      for (const [filter, names] of Object.entries(expected)) assert.equal((await namesOf(id, { filter })).join(), names, filter);
    });

    test('orders by anything: NaN after numbers, the missing last, then the newest', async () => {
      const { id } = await file([
        { name: 'none', startedAt: 10 },
        { name: 'one', metrics: { m: 1 }, params: { p: 'B' }, startedAt: 20 },
        { name: 'nan', metrics: { m: Number.NaN }, params: { p: 'a' }, startedAt: 30, endedAt: 31 },
        { name: 'two', metrics: { m: 2 }, startedAt: 40, endedAt: 42 },
        { name: 'newer', startedAt: 50 },
        { name: 'one too', metrics: { m: 1 }, startedAt: 60 },
      ]);
      const expected: Record<string, string> = {
        'metrics.m': 'one too,one,two,nan,newer,none',
        'metrics.m DESC': 'two,one too,one,nan,newer,none',
        'params.p': 'one,nan,one too,newer,two,none',
        'params.p DESC': 'nan,one,one too,newer,two,none',
        'end_time DESC': 'two,nan,one too,newer,one,none',
        'start_time ASC': 'none,one,nan,two,newer,one too',
        'run_name DESC': 'two,one too,one,none,newer,nan',
        'tags.`mlflow.runName`': 'nan,newer,none,one,one too,two',
      };
      for (const [order, names] of Object.entries(expected)) assert.equal((await namesOf(id, { orderBy: [order] })).join(), names, order);
      assert.equal((await namesOf(id, { orderBy: ['metrics.m', 'start_time'] })).join(), 'one,one too,two,nan,none,newer');
    });

    test('shows deleted runs where they are asked for, and never those of another project', async () => {
      const { id } = await file([{ name: 'kept' }, { name: 'gone', deleted: true }]);
      assert.deepEqual(await namesOf(id), ['kept']);
      assert.deepEqual(await namesOf(id, { view: 'deleted' }), ['gone']);
      assert.deepEqual((await namesOf(id, { view: 'all' })).sort(), ['gone', 'kept']);
      const search = createSearch(ground);
      assert.deepEqual(await search.runs(ground.stranger.project, { experimentIds: [id], limit: 10 }), { items: [], nextCursor: null });
      assert.deepEqual(await search.runs(ground.actor.project, { experimentIds: [], limit: 10 }), { items: [], nextCursor: null });
      await assert.rejects(search.runs(ground.actor.project, { experimentIds: [id], limit: 50_001 }), { reason: 'bad_limit' });
    });

    test('goes on where a page ended, whatever came and went meanwhile, and for the same search only', async () => {
      const { id } = await file(Array.from({ length: 7 }, (_, i) => ({ name: `r${i}`, startedAt: 1000 + i })));
      const search = createSearch(ground);
      const { project } = ground.actor;
      const first = await search.runs(project, { experimentIds: [id], limit: 3 });
      assert.deepEqual(
        first.items.map((run) => run.name),
        ['r6', 'r5', 'r4'],
      );
      await fileRuns(ground, [], someRuns([{ experimentId: id, name: 'later', startedAt: 2000 }]));
      const cursor = first.nextCursor!;
      const second = await search.runs(project, { experimentIds: [id], limit: 3, cursor });
      assert.deepEqual(
        second.items.map((run) => run.name),
        ['r3', 'r2', 'r1'],
      );
      const other = { experimentIds: [id], limit: 3, filter: 'metrics.m > 1', cursor };
      await assert.rejects(search.runs(project, other), { code: 'invalid_request', reason: 'cursor_of_another_search' });
      for (const forged of [
        '',
        'x',
        '?',
        cursor.slice(4),
        Buffer.from('["a"]').toString('base64url'),
        Buffer.from('[1,2,3]').toString('base64url'),
      ])
        await assert.rejects(search.runs(project, { experimentIds: [id], limit: 3, cursor: forged }), { reason: 'unknown_cursor' });
    });

    test('takes any piece of a token, and answers no fault of ours', async () => {
      const { id } = await file([{ metrics: { m: 1 } }, { metrics: { m: 2 } }]);
      const search = createSearch(ground);
      const input = { experimentIds: [id], limit: 1, orderBy: ['metrics.m', 'params.p'] };
      const { nextCursor } = await search.runs(ground.actor.project, input);
      const parts = JSON.parse(Buffer.from(nextCursor!, 'base64url').toString()) as string[];
      const anyPart = fc.oneof(fc.constantFrom('0', '1', '2', '1.5', 'Infinity', '-1e400', '9e99', '', "'"), fc.string(), fc.integer());
      await fc.assert(
        fc.asyncProperty(fc.nat(parts.length - 1), anyPart, async (at, part) => {
          const cursor = Buffer.from(JSON.stringify(parts.with(at, part as string))).toString('base64url');
          await search
            .runs(ground.actor.project, { ...input, cursor })
            .catch((error: AppError) => assert.equal(error.code, 'invalid_request'));
        }),
        { numRuns: 100 },
      );
    });

    test('takes the longest and deepest filters that are read', async () => {
      const { id, runs } = await file([{ name: 'a', metrics: { m: 1 } }]);
      const other = await file([{ name: 'b', metrics: { m: 2 } }]);
      const experimentIds = [id, other.id, ...Array.from({ length: 14 }, (_, i) => String(i))];
      const found = async (filter: string, among = experimentIds) =>
        (await createSearch({ ...ground, few: -1 }).runs(ground.actor.project, { experimentIds: among, filter, limit: 1000 })).items.length;
      const sixteen = Array.from({ length: 16 }, (_, i) => i + 1).join();
      assert.equal(await found(Array(200).fill(`metrics.m IN (${sixteen})`).join(' AND ')), 2);
      assert.equal(await found(`${'NOT ('.repeat(50)}metrics.m = 1${')'.repeat(50)}`), 1);
      assert.equal(await found(Array.from({ length: 200 }, (_, i) => `metrics.m = ${i - 199}`).join(' OR ')), 0);
      const ids = [...Array.from({ length: 9999 }, (_, i) => String(i)), runs[0]!.id];
      assert.equal(await found(`run_id IN (${ids.map((one) => `'${one}'`).join()})`), 1);
      assert.equal(await found(`run_id NOT IN (${ids.map((one) => `'${one}'`).join()})`), 1);
      assert.equal(await found('', [...Array.from({ length: 9999 }, (_, i) => String(1e9 + i)), id]), 1);
    });

    test('finds what several clauses have in common, where none of them holds for few', async () => {
      const { id } = await file(
        Array.from({ length: 12 }, (_, i) => ({
          name: String(i),
          startedAt: i,
          metrics: { m: i, odd: i % 2 },
          params: { third: String(i % 3) },
          tags: { half: i < 6 ? 'first' : 'second' },
        })),
      );
      const expected: Record<string, string> = {
        "metrics.odd = 1 AND params.third = '0'": '9,3',
        "metrics.odd = 1 AND params.third = '0' AND tags.half = 'first'": '3',
        "metrics.m > 2 AND metrics.m < 9 AND params.third = '2'": '8,5',
        "metrics.m < 4 AND metrics.odd = 1 AND tags.half = 'second'": '',
        "(params.third = '0' OR params.third = '1') AND (tags.half = 'first' OR metrics.m = 9) AND metrics.odd = 1 AND NOT metrics.m = 1":
          '9,3',
      };
      const search = createSearch({ ...ground, few: 3 });
      for (const [filter, names] of Object.entries(expected)) {
        const { items } = await search.runs(ground.actor.project, { experimentIds: [id], filter, limit: 1000 });
        assert.equal(items.map((run) => run.name).join(), names, filter);
      }
    });

    test('searches all experiments of the project where none are named', async () => {
      const { runs } = await file([{ name: 'somewhere', tags: { mark: 'here' } }]);
      const { items } = await createSearch(ground).runs(ground.actor.project, { filter: "tags.mark = 'here'", limit: 5 });
      assert.deepEqual(
        items.map((run) => run.id),
        [runs[0]!.id],
      );
    });

    test('finds, in order, on every page, by whatever way, what a plain reading of the filter finds', async () => {
      await fc.assert(
        fc.asyncProperty(aQuery, async ({ runs: some, filter, orderBy, view, limit, few, at }) => {
          const ids = [0, 1, 2].map((i) => String(10_000 + experiments * 3 + i));
          experiments++;
          const runs = someRuns(some.map((run, i) => ({ ...run, id: newId(), experimentId: ids[i % 3]! })));
          await fileRuns(ground, ids, runs);
          const experimentIds = at.map((i) => ids[i]!);
          const tree = parseFilter(filter, runFields);
          const order = parseOrder(orderBy, runFields);
          const expected = runs
            .filter((run) => experimentIds.includes(run.experimentId) && (view === 'all' || run.deleted === (view === 'deleted')))
            .filter((run) => !tree || holds(tree, run))
            .sort(compareBy(order));
          const search = createSearch({ ...ground, few });
          const found: string[] = [];
          let cursor: string | null = null;
          do {
            const page: Awaited<ReturnType<typeof search.runs>> = await search.runs(ground.actor.project, {
              experimentIds,
              filter,
              orderBy,
              view,
              limit,
              ...(cursor !== null && { cursor }),
            });
            assert.ok(page.items.length <= limit);
            found.push(...page.items.map((run) => run.id));
            cursor = page.nextCursor;
          } while (cursor !== null && found.length <= runs.length);
          assert.deepEqual(
            found,
            expected.map((run) => run.id),
          );
          const counted = await search.count(ground.actor.project, { experimentIds, filter, view });
          assert.equal(counted.found, expected.length);
        }),
        { numRuns: Number(process.env['BOUCLE_SEARCH_RUNS'] ?? 150) },
      );
    });
  });
}
