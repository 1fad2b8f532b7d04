import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assign, shadowsOf } from './assign.ts';

const live = (name: string, share: number) => ({ name, mode: 'live' as const, share });
const shadow = (name: string, share: number) => ({ name, mode: 'shadow' as const, share });
const baselineAnd = (share: number) => [live('baseline', 1 - share), live('candidate', share)];
const units = Array.from({ length: 20_000 }, (_, i) => `unit ${i}`);
const share = fc.double({ min: 0, max: 1, noNaN: true });
const text = fc.string({ maxLength: 20 });
const countOf = (name: string, of: readonly ({ name: string } | undefined)[]): number => of.filter((one) => one?.name === name).length;

test('a unit has one variant, given by salt and unit alone', () => {
  // Fixed for ever: another answer here would move the units of every running canary.
  const answers = ['ann', 'bob', 'cem', 'dora', 'eve', 'flight 7'].map((unit) => assign('salt', unit, baselineAnd(0.5))?.name);
  assert.deepEqual(answers, ['candidate', 'baseline', 'baseline', 'candidate', 'candidate', 'baseline']);
});

test('each variant gets its share of the units', () => {
  for (const salt of ['a', 'b', 'c']) {
    const variants = [live('a', 0.5), live('b', 0.3), live('c', 0.15), live('d', 0.05), shadow('e', 0.2)];
    const assigned = units.map((unit) => assign(salt, unit, variants));
    const seen = units.map((unit) => shadowsOf(salt, unit, variants)[0]);
    for (const { name, mode, share: wanted } of variants) {
      const found = countOf(name, mode === 'live' ? assigned : seen) / units.length;
      // Five standard deviations.
      assert.ok(Math.abs(found - wanted) < 5 * Math.sqrt((wanted * (1 - wanted)) / units.length), `${name}: ${found} for ${wanted}`);
    }
  }
});

test('raising the share of the last one keeps its units, and lowering it moves only units of its own', () => {
  fc.assert(
    fc.property(text, text, share, share, (salt, unit, a, b) => {
      const [less, more] = a < b ? [a, b] : [b, a];
      if (assign(salt, unit, baselineAnd(less))?.name === 'candidate')
        assert.equal(assign(salt, unit, baselineAnd(more))?.name, 'candidate');
      if (assign(salt, unit, baselineAnd(more))?.name === 'baseline') assert.equal(assign(salt, unit, baselineAnd(less))?.name, 'baseline');
    }),
  );
});

test('nothing and all are exact', () => {
  fc.assert(
    fc.property(text, text, (salt, unit) => {
      assert.equal(assign(salt, unit, baselineAnd(0))?.name, 'baseline');
      assert.equal(assign(salt, unit, baselineAnd(1))?.name, 'candidate');
      assert.equal(shadowsOf(salt, unit, [shadow('s', 1)]).length, 1);
      assert.equal(assign(salt, unit, [shadow('s', 1)]), undefined);
    }),
  );
});

test('another salt assigns anew: what two salts say of a unit is independent', () => {
  const both = { candidate: 0, baseline: 0, differ: 0 };
  for (const unit of units) {
    const [one, two] = [assign('monday', unit, baselineAnd(0.5))!.name, assign('tuesday', unit, baselineAnd(0.5))!.name];
    both[one === two ? (one as 'candidate' | 'baseline') : 'differ']++;
  }
  const expected = [0.25, 0.25, 0.5].map((part) => part * units.length);
  const chiSquare = Object.values(both).reduce((sum, seen, i) => sum + (seen - expected[i]!) ** 2 / expected[i]!, 0);
  // 0.9999 quantile with two degrees of freedom.
  assert.ok(chiSquare < 18.4, `${chiSquare}`);
});

test('who is shadowed says nothing of who answers', () => {
  const variants = [live('baseline', 0.5), live('candidate', 0.5), shadow('next', 0.5)];
  const shadowed = units.filter((unit) => shadowsOf('salt', unit, variants).length > 0);
  const candidates = countOf(
    'candidate',
    shadowed.map((unit) => assign('salt', unit, variants)),
  );
  assert.ok(Math.abs(candidates / shadowed.length - 0.5) < 2.5 / Math.sqrt(shadowed.length));
});
