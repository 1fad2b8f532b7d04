import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain } from '../terminal/paint.ts';
import { explanationText } from './explanation.ts';

const row = { text: 'Not late, thanks' };
const explained = {
  label: 'bad',
  output: 0.5,
  baseline: -0.5,
  gap: 0.001,
  steps: 32,
  contributions: [
    { column: 'text', span: [0, 3] as [number, number], value: -0.4 },
    { column: 'text', span: [4, 8] as [number, number], value: 1.6 },
    { column: 'text', span: [10, 16] as [number, number], value: -0.201 },
  ],
};

test('words stand by how much they add, and the sum is said', () => {
  const lines = explanationText(row, explained, plain).split('\n');
  assert.equal(lines[0], 'bad 0.5 = -0.5 where nothing is said, 0.999 by what follows, gap 0.001 after 32 steps');
  assert.equal(lines[1], row.text);
  assert.match(lines[4]!, /^late +\+1\.600 +█{20}$/);
  assert.match(lines[5]!, /^Not +−0\.400 +█{5}$/);
});

test('what counts is coloured in the text, by what it speaks for', () => {
  const painted = explanationText(row, explained, (format, of) => `<${String(format)}>${of}</>`);
  assert.ok(painted.includes('<red>Not</> <green>late</>, thanks'));
});

test('columns stand with their values, and an exact explanation has no steps', () => {
  const said = explanationText(
    { age: 40, city: null },
    {
      ...explained,
      label: null,
      steps: null,
      gap: 0,
      contributions: [
        { column: 'age', value: 1 },
        { column: 'city', value: -2 },
      ],
    },
    plain,
  );
  assert.match(said, /^value 0\.5 = -0\.5 where nothing is said, -1 by what follows\n\n/);
  assert.match(said, /city +−2\.000 +█{20}\nage 40 +\+1\.000 +█{10}/);
  assert.match(explanationText(row, { ...explained, contributions: [] }, plain), /Nothing in it adds anything\./);
});
