import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { stillClock } from '../testing/still-clock.ts';
import { createLooks, silentLog } from './index.ts';

test('many hints are one look, and one that comes during a look brings another', async () => {
  let [looks, atOnce, most] = [0, 0, 0];
  const { hint, settled, close } = createLooks({
    clock: stillClock(),
    log: silentLog,
    look: async () => {
      looks += 1;
      most = Math.max(most, ++atOnce);
      await setImmediate();
      atOnce -= 1;
    },
  });
  for (let i = 0; i < 10; i++) hint('one');
  await settled();
  assert.deepEqual([looks, most], [2, 1]);
  hint('one');
  hint('other');
  await settled();
  assert.deepEqual([looks, most], [4, 2]);
  await close();
  hint('one');
  await settled();
  assert.equal(looks, 4);
});

test('a look that failed is made again later', async () => {
  const clock = stillClock();
  let looks = 0;
  const { hint, settled, close } = createLooks({
    clock,
    log: silentLog,
    retryMs: 1000,
    look: async () => {
      if (++looks === 1) throw new Error('the disk is full');
    },
  });
  hint('one');
  await settled();
  await clock.leap(999);
  await settled();
  assert.equal(looks, 1);
  await clock.leap(1);
  await settled();
  assert.equal(looks, 2);
  await close();
});
