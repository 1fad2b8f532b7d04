import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedOf } from './asked-of.ts';

test('a query names metrics and labels, and its functions, words and texts are neither', () => {
  assert.deepEqual(
    askedOf('histogram_quantile(0.99, sum by (endpoint, le) (rate(boucle_seconds_bucket{mode="by (x)", a!~"$a"}[5m]))) > 1e3'),
    { metrics: ['boucle_seconds_bucket'], labels: ['mode', 'a', 'endpoint', 'le'] },
  );
  assert.deepEqual(askedOf('a < ignoring (bound) b{bound="x"} or boucle:c:rate5m unless on (job) time() - d offset 5m'), {
    metrics: ['a', 'b', 'boucle:c:rate5m', 'd'],
    labels: ['bound', 'job'],
  });
  assert.deepEqual(askedOf('label_values(a{project=~"$project"}, endpoint)'), { metrics: ['a'], labels: ['project', 'endpoint'] });
});
