import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dueTimes, nextDue, scheduleFault } from './due-times.ts';
import { graceMs, toRun } from './to-run.ts';

const berlin = (schedule: string) => ({ schedule, zone: 'Europe/Berlin' });
const due = (schedule: string, from: string, to: string): string[] =>
  dueTimes(berlin(schedule), { from: new Date(from), to: new Date(to), limit: 100 }).map((time) => time.toISOString().slice(0, 16));

test('a time that the clocks skip is due once, when they have leapt', () => {
  // In Berlin, 2026-03-29 has no 02:30: 02:00 is 03:00.
  assert.deepEqual(due('30 2 * * *', '2026-03-28T00:00:00Z', '2026-03-30T12:00:00Z'), [
    '2026-03-28T01:30',
    '2026-03-29T01:00',
    '2026-03-30T00:30',
  ]);
});

test('a time that the clocks show twice is due once, the first time', () => {
  // In Berlin, 2026-10-25 has 02:30 in summer time (00:30Z) and again in winter time (01:30Z).
  assert.deepEqual(due('30 2 * * *', '2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z'), ['2026-10-25T00:30', '2026-10-26T01:30']);
  assert.deepEqual(due('30 2,14 * * *', '2026-10-25T00:00:00Z', '2026-10-25T20:00:00Z'), ['2026-10-25T00:30', '2026-10-25T13:30']);
});

test('what is due every so often goes on through both changes of the clocks', () => {
  for (const day of ['2026-03-29', '2026-10-25']) {
    const found = due('*/30 * * * *', `${day}T00:00:00Z`, `${day}T03:00:00Z`);
    assert.deepEqual(
      found,
      ['00:00', '00:30', '01:00', '01:30', '02:00', '02:30', '03:00'].map((time) => `${day}T${time}`),
    );
  }
});

test('both ends of a period belong to it, and a moment after a due time is no due time', () => {
  assert.deepEqual(due('0 * * * *', '2026-01-01T01:00:00Z', '2026-01-01T03:00:00Z'), [
    '2026-01-01T01:00',
    '2026-01-01T02:00',
    '2026-01-01T03:00',
  ]);
  assert.deepEqual(due('0 * * * *', '2026-01-01T01:00:00.001Z', '2026-01-01T02:59:59.999Z'), ['2026-01-01T02:00']);
  assert.equal(nextDue(berlin('0 * * * *'), new Date('2026-01-01T01:00:00Z'))!.toISOString(), '2026-01-01T02:00:00.000Z');
});

test('a fault of a schedule says what to write', () => {
  assert.equal(scheduleFault(berlin('0 6 * * 1')), undefined);
  assert.match(scheduleFault({ schedule: '0 6 * * 1', zone: 'Mars/Phobos' })!, /"Mars\/Phobos" is no time zone/);
  for (const schedule of ['61 * * * *', '* * * *', '* * * * * *', 'now and then', '*/0 * * * *', ''])
    assert.match(scheduleFault(berlin(schedule))!, /is no schedule .* write minute, hour, day, month and weekday/);
  assert.match(scheduleFault(berlin('0 0 30 2 *'))!, /never due/);
});

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));
const decide = (missed: 'skip' | 'last' | 'all', minutes: readonly number[], more: { met?: Date[]; isAll?: boolean; now?: Date } = {}) => {
  const { met = [], isAll = true, now = at(60) } = more;
  const passed = { due: minutes.map(at), isAll, now, missed, met: new Set(met.map((time) => time.getTime())) };
  const { run, passedOver } = toRun(passed);
  return [run.map((time) => time.getUTCMinutes()), passedOver];
};

test('missed runs are passed over, made up for by the last, or each run', () => {
  assert.deepEqual(decide('skip', [10, 20, 30]), [[], 3]);
  assert.deepEqual(decide('last', [10, 20, 30]), [[30], 2]);
  assert.deepEqual(decide('all', [10, 20, 30]), [[10, 20, 30], 0]);
  assert.deepEqual(decide('last', [10, 20, 30], { isAll: false }), [[], 3]);
});

test('one that is on time runs under each policy, and makes up for those before it', () => {
  const now = new Date(at(30).getTime() + graceMs);
  assert.deepEqual(decide('skip', [10, 20, 30], { now }), [[30], 2]);
  assert.deepEqual(decide('last', [10, 20, 30], { now }), [[30], 2]);
  assert.deepEqual(decide('skip', [10, 20, 30], { met: [at(20)] }), [[20], 2]);
});
