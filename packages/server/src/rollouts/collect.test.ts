import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assign } from '../serving/index.ts';
import { unitHash } from './collect.ts';

test('what happened in one moment is weighed in an order that knows nothing of the arm', () => {
  const share = 0.1;
  const variants = [
    { name: 'baseline', mode: 'live' as const, share: 1 - share },
    { name: 'candidate', mode: 'live' as const, share },
  ];
  const units = Array.from({ length: 5000 }, (_, i) => {
    const requestId = `unit-${i}`;
    return { arm: assign('salt', requestId, variants)!.name, hash: unitHash('salt', { unit: null, requestId }) };
  }).sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const ranks = units.flatMap(({ arm }, rank) => (arm === 'candidate' ? [rank / units.length] : []));
  const mean = ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length;
  // Four standard errors of the mean of so many uniform ranks.
  assert.ok(Math.abs(mean - 0.5) < 4 / Math.sqrt(12 * ranks.length), `candidates lie at ${mean} on average`);
});
