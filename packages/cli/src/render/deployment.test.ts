import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deployment } from '@boucle/contract';
import { servedText, variantFacts } from './deployment.ts';

const variant = (name: string, mode: 'live' | 'shadow', share: number, version: number) =>
  ({ name, mode, share, model: 'sentiment', version, modelVersionId: '', digest: `tree:${'a'.repeat(64)}` }) as const;
const deployed = (...variants: ReturnType<typeof variant>[]) => ({ variants }) as unknown as Deployment;

test('one model is named, several with their shares', () => {
  assert.equal(servedText(deployed(variant('main', 'live', 1, 3))), 'sentiment/3');
  const several = deployed(
    variant('baseline', 'live', 0.995, 3),
    variant('candidate', 'live', 0.005, 4),
    variant('next', 'shadow', 0.5, 5),
  );
  assert.equal(servedText(several), 'sentiment/3 99.5 %, sentiment/4 0.5 %, sentiment/5 shadow of 50 %');
  assert.deepEqual(variantFacts(several), {
    baseline: 'sentiment/3  99.5 %',
    candidate: 'sentiment/4  0.5 %',
    next: 'sentiment/5  shadow of 50 %',
  });
  assert.deepEqual(
    variantFacts(deployed(variant('main', 'live', 1, 3)), () => 'more'),
    { main: 'sentiment/3  more' },
  );
});
