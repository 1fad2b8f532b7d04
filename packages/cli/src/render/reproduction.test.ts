import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain } from '../terminal/paint.ts';
import { reproductionReport } from './reproduction.ts';

const machine = { node: '24.21.0', platform: 'linux', architecture: 'x64', cpus: 2, boucle: '0.1.0' };
const [one, other] = [`tree:${'1'.repeat(64)}`, `tree:${'2'.repeat(64)}`];

test('equal digests are said to be equal, and the same machine is not spoken of', () => {
  const report = reproductionReport(
    {
      state: 'equal',
      outputs: [{ output: 'model', recorded: one, again: one, equal: true }],
      metrics: [],
      environment: { recorded: machine, again: machine },
    },
    plain,
  );
  assert.equal(
    report,
    [
      'output  recorded            again',
      'model   tree:111111111111…  tree:111111111111…  equal',
      'Equal: every output has the digest that was recorded.',
    ].join('\n'),
  );
});

test('a difference names the machine where that is another one', () => {
  const report = reproductionReport(
    {
      state: 'different',
      outputs: [{ output: 'model', recorded: one, again: other, equal: false }],
      metrics: [{ key: 'f1', recorded: 0.91, again: null }],
      environment: { recorded: machine, again: { ...machine, architecture: 'arm64' } },
    },
    plain,
  );
  assert.match(report, /different$/m);
  assert.match(report, /The machine is another one: architecture x64, now arm64$/);
});
