import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { databases } from '../../testing/databases.ts';
import type { PredictionSource } from '../index.ts';
import { layMonitorGround, type MonitorGround } from '../../testing/monitor-ground.ts';

const minute = 60_000;
const hour = 60 * minute;

for (const [name, start] of Object.entries(databases)) {
  describe(`counting on ${name}`, () => {
    let ground: MonitorGround;
    before(async () => {
      ground = await layMonitorGround(start);
      // Declared, and not looked at yet: what is asked until then is watched too.
      await ground.windows.close();
      await ground.declare({ slices: ['route'] });
    });
    after(() => ground.stop());
    const asked = (count: number, more: object = {}) =>
      Array.from({ length: count }, (_, i) => ({ inputs: { route: i % 3 === 0 ? 'a' : 'b' }, ...more }));
    const listed = async (version: 'latest' | 'all' = 'latest') =>
      (await ground.windows.windows(ground.actor, 'watch', { limit: 50, version })).items;
    const rowsOf = async () => (await listed()).map(({ from, rows }) => [from.slice(11, 16), rows]);

    test('a process that ends between reading and writing loses and doubles nothing', async () => {
      await ground.predict(asked(2100));
      ground.clock.advance(minute);
      // Each of these processes counts a thousand or two, and dies before it wrote them.
      for (const diesAfter of [1, 2]) {
        let reads = 0;
        const dying: PredictionSource['tail'] = (endpointId, position, limit) => {
          if (reads++ === diesAfter) throw new Error('killed');
          return ground.source.tail(endpointId, position, limit);
        };
        await ground.restart({ ...ground.source, tail: dying });
        assert.equal(reads, diesAfter + 1);
      }
      await ground.restart();
      await ground.pass(hour + 6 * minute);
      assert.deepEqual(await rowsOf(), [['00:00', 2100]]);
    });

    test('what comes late makes a new version of its window, which events and both versions name', async () => {
      const lateFor = new Date(ground.clock.now().getTime() - hour);
      await ground.predict(asked(30, { eventTime: lateFor }));
      assert.equal((await listed())[0]!.version, 1);
      await ground.pass(6 * minute);
      const [window] = await listed();
      assert.deepEqual([window!.version, window!.rows], [2, 2130]);
      assert.deepEqual(
        (await listed('all')).map(({ version, rows, latest }) => [version, rows, latest]),
        [
          [2, 2130, true],
          [1, 2100, false],
        ],
      );
      const first = await ground.windows.window(ground.actor, window!.id, 1);
      assert.deepEqual([first.rows, first.versions.length], [2100, 2]);
      assert.deepEqual(
        (await ground.newsOf('window.closed')).map(({ version, rows }) => [version, rows]),
        [
          [1, 2100],
          [2, 2130],
        ],
      );
    });

    test('event times that cannot be true enter no window, and are counted', async () => {
      const now = ground.clock.now().getTime();
      const before = await listed();
      await ground.predict([
        ...asked(3, { eventTime: new Date(now + hour) }),
        ...asked(2, { eventTime: new Date(0) }),
        ...asked(4, { eventTime: new Date(now - 60 * 24 * hour) }),
      ]);
      await ground.pass(6 * minute);
      assert.deepEqual((await ground.windows.get(ground.actor, 'watch')).outside, { future: 3, past: 2, late: 4 });
      assert.deepEqual(await listed(), before);
    });

    test('a shadow is counted apart, and never among what callers got', async () => {
      await ground.predict([...asked(60), ...asked(40, { shadow: true })]);
      await ground.pass(hour);
      const [window] = await listed();
      assert.deepEqual([window!.rows, window!.shadowRows], [60, 40]);
      const { traffic } = await ground.windows.window(ground.actor, window!.id);
      assert.deepEqual(
        traffic.map(({ variant, mode, requests }) => [variant, mode, requests]),
        [
          ['main', 'live', 60],
          ['shadow', 'shadow', 40],
        ],
      );
    });

    test('silence closes windows too, and a long one is one window', async () => {
      await ground.pass(3 * hour);
      assert.deepEqual(
        (await rowsOf()).slice(0, 2).map(([, rows]) => rows),
        [0, 0],
      );
      const many = (await listed()).length;
      await ground.windows.close();
      ground.clock.advance(100 * hour);
      await ground.restart();
      const [longest] = await listed();
      assert.equal((await listed()).length, many + 1);
      assert.equal(Date.parse(longest!.to) - Date.parse(longest!.from), 100 * hour);
    });

    test('windows of another length begin where these end', async () => {
      await ground.declare({ slices: ['route'], windows: { every: '10m', lateness: '1m' } });
      await ground.predict(asked(20));
      await ground.pass(12 * minute);
      const short = (await listed()).filter(({ from, to }) => Date.parse(to) - Date.parse(from) === 10 * minute);
      assert.deepEqual(
        short.map(({ rows }) => rows).filter((rows) => rows > 0),
        [20],
      );
    });
  });
}
