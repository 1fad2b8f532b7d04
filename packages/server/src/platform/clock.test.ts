import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { test } from 'node:test';
import { leapingClock, systemClock } from './clock.ts';

const start = new Date('2026-03-01T00:00:00.000Z');
const after = (ms: number): Date => new Date(start.getTime() + ms);

test('a still clock stands until it is told, and wakes what waited in the order of time', async () => {
  const clock = leapingClock(start, { flows: false });
  const woken: string[] = [];
  clock.at(after(2000), () => void woken.push(`late at ${clock.now().toISOString()}`));
  clock.at(after(1000), () => void woken.push(`early at ${clock.now().toISOString()}`));
  await setTimeout(20);
  assert.deepEqual([woken, clock.now()], [[], start]);
  await clock.leap(5000);
  assert.deepEqual(woken, ['early at 2026-03-01T00:00:01.000Z', 'late at 2026-03-01T00:00:02.000Z']);
  assert.deepEqual(clock.now(), after(5000));
});

test('what wakes may wait again within the same leap', async () => {
  const clock = leapingClock(start, { flows: false });
  let days = 0;
  const daily = (): void => {
    days++;
    clock.at(new Date(clock.now().getTime() + 86_400_000), daily);
  };
  clock.at(after(86_400_000), daily);
  await clock.leap(10 * 86_400_000);
  assert.equal(days, 10);
});

test('what was forgotten does not wake, and what is overdue wakes at once', async () => {
  const clock = leapingClock(start, { flows: false });
  let woken = 0;
  clock.at(after(1000), () => void woken++)();
  clock.at(after(-1000), () => void (woken += 10));
  assert.equal(woken, 0);
  await setTimeout(20);
  assert.equal(woken, 10);
  clock.advance(3000);
  await setTimeout(20);
  assert.equal(woken, 10);
});

test('a flowing clock goes on by itself, and from where it leapt to', async () => {
  const clock = leapingClock(start);
  const woken = Promise.withResolvers<void>();
  await clock.leap(3600_000);
  clock.at(new Date(clock.now().getTime() + 10), woken.resolve);
  await woken.promise;
  assert.ok(clock.now().getTime() >= start.getTime() + 3600_010);
});

test("the system's clock waits longer than one timer can", async () => {
  const woken = Promise.withResolvers<void>();
  const forget = systemClock.at(new Date(Date.now() + 40 * 86_400_000), () => assert.fail('40 days went by'));
  systemClock.at(new Date(Date.now() + 5), woken.resolve);
  const held = setTimeout(50);
  await woken.promise;
  await held;
  forget();
});
