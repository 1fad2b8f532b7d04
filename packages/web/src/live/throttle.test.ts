import assert from 'node:assert/strict';
import { test } from 'node:test';
import { throttle } from './throttle.ts';

test('a burst is answered at once and once more at its end', ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  let calls = 0;
  const { run } = throttle(() => calls++, 1000);
  for (let i = 0; i < 50; i++) run();
  assert.equal(calls, 1);
  mock.timers.tick(1000);
  assert.equal(calls, 2);
  mock.timers.tick(5000);
  assert.equal(calls, 2);
});

test('a stopped one does not call any more', ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  let calls = 0;
  const { run, stop } = throttle(() => calls++, 1000);
  run();
  run();
  stop();
  mock.timers.tick(5000);
  assert.equal(calls, 1);
});
