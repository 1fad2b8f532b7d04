import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributionRows } from '../golden/e-processes.ts';
import { createRandom } from '../random.ts';
import { observePaired, type Paired, paired, readPaired } from './paired.ts';

test('only pairs on which one version alone is wrong are evidence', () => {
  const [, , , candidateOnly, currentOnly, logE] = attributionRows[3];
  const state = observePaired(paired(), { pairs: 1000, candidateOnly, currentOnly });
  const reading = readPaired(state);
  assert.ok(reading.testable);
  assert.ok(Math.abs(reading.logE - logE) < 1e-9 * logE);
  assert.equal(reading.pairs, 1000);
  assert.equal(reading.difference, 0.02);
  assert.deepStrictEqual(readPaired(JSON.parse(JSON.stringify(state)) as Paired), reading);
});

test('agreement alone says nothing', () => {
  const reading = readPaired(observePaired(paired(), { pairs: 50, candidateOnly: 0, currentOnly: 0 }));
  assert.ok(!reading.testable && reading.why.includes('50 pairs'));
  assert.equal(readPaired(paired()).testable, false);
});

test('it refuses more discordant pairs than pairs', () => {
  assert.throws(() => observePaired(paired(), { pairs: 1, candidateOnly: 1, currentOnly: 1 }), RangeError);
});

test('a candidate that is wrong 3 % of the time against 1 % is found out after some 760 pairs', () => {
  const random = createRandom(3);
  const needed = Array.from({ length: 201 }, () => {
    let state = paired();
    while (state.discordant.maxLogE < Math.log(20)) {
      const u = random.uniform();
      state = observePaired(state, { pairs: 1, candidateOnly: u < 0.03 ? 1 : 0, currentOnly: u > 0.99 ? 1 : 0 });
    }
    return state.pairs;
  }).toSorted((a, b) => a - b);
  assert.ok(needed[100]! > 550 && needed[100]! < 1000, `median ${needed[100]}`);
});
