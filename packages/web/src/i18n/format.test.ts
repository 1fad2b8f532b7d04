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
