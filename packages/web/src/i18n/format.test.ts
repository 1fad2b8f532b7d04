import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFormat } from './format.ts';

const english = createFormat('en-GB');
const french = createFormat('fr-FR');
const plain = (text: string | undefined) => text?.replaceAll(/[\u00a0\u202f]/g, ' ');

test('a share is written as each language writes it', () => {
  assert.equal(english.percent(0.871, 1), '87.1%');
  assert.equal(plain(french.percent(0.871, 1)), '87,1 %');
});

test('a duration takes the unit a person would', () => {
  const written = [0.0034, 0.036, 0.9997, 4.23, 9.97, 82, 18.2 * 60, 92 * 60, 119.9 * 60].map((seconds) =>
    plain(english.duration(seconds)),
  );
  assert.deepEqual(written, ['3.4 ms', '36 ms', '1.0 s', '4.2 s', '10 s', '82 s', '18 min', '1 h 32', '2 h 00']);
  assert.equal(plain(french.duration(4.23)), '4,2 s');
});

test('how long ago is said in the largest unit that is still exact enough', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  const before = (seconds: number) => plain(english.ago(now - seconds * 1000, now));
  assert.equal(before(1), undefined);
  // The words are Unicode's and change with its releases; the figure and the unit are ours.
  const units: [seconds: number, said: RegExp][] = [
    [12, /^12 ?s/],
    [59.4, /^59 ?s/],
    [130, /^2 ?min/],
    [7200, /^2 ?h/],
    [86_400 * 4, /^4 ?d/],
  ];
  for (const [seconds, said] of units) assert.match(before(seconds) ?? '', said);
});

test('a clock that runs behind the server never shows the future', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  assert.equal(english.ago(now + 5000, now), undefined);
});

test('negative numbers use a true minus', () => {
  assert.equal(english.number(-0.021, 3), '−0.021');
});

test('a figure keeps three digits, and a tiny p value is told by its bound', () => {
  assert.deepEqual([0.012345, 1.5, 1234.5].map(english.figure), ['0.0123', '1.5', '1,230']);
  assert.equal(plain(french.pValue(0.00002)), '< 0,001');
  assert.equal(english.pValue(0.0421), '0.042');
});

test('a day is written out, its hours by the 24-hour clock and in UTC', () => {
  const at = Date.parse('2026-03-01T23:05:00Z');
  assert.match(english.day(at), /^Sunday,? 1 March 2026$/);
  assert.equal(french.day(at), 'dimanche 1 mars 2026');
  assert.equal(english.dayHour(at), '1 Mar 23:05');
});

test('a span says its day once where it is the same', () => {
  const at = Date.parse('2026-03-01T22:05:00Z');
  assert.equal(english.span(at, at + 3_600_000), '1 Mar 22:05 – 23:05');
  assert.equal(english.span(at, at + 7_200_000), '1 Mar 22:05 – 2 Mar 00:05');
  assert.equal(english.span(at, at), '1 Mar 22:05');
});
