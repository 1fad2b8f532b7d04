import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exposition } from './exposition.ts';

test('gauges and counters have help, a type, and a line for each set of labels', () => {
  const text = exposition([
    {
      name: 'boucle_requests_total',
      help: 'Requests.',
      type: 'counter',
      samples: [
        { labels: { endpoint: 'a', variant: 'main' }, value: 3 },
        { labels: {}, value: 1e21 },
      ],
    },
    { name: 'boucle_nothing', help: 'Never seen.', type: 'gauge', samples: [] },
  ]);
  assert.equal(
    text,
    '# HELP boucle_requests_total Requests.\n# TYPE boucle_requests_total counter\nboucle_requests_total{endpoint="a",variant="main"} 3\nboucle_requests_total 1e+21\n',
  );
});

test('a histogram counts up to each bound, and all of it at infinity', () => {
  const histograms = [
    {
      labels: { endpoint: 'a' },
      buckets: [
        { atMost: 0.1, count: 2 },
        { atMost: 1, count: 5 },
      ],
      sum: 2.5,
      count: 6,
    },
  ];
  assert.deepEqual(
    exposition([{ name: 'h', help: 'x', type: 'histogram', histograms }])
      .trim()
      .split('\n')
      .slice(2),
    [
      'h_bucket{endpoint="a",le="0.1"} 2',
      'h_bucket{endpoint="a",le="1"} 5',
      'h_bucket{endpoint="a",le="+Inf"} 6',
      'h_sum{endpoint="a"} 2.5',
      'h_count{endpoint="a"} 6',
    ],
  );
});

test('names of users cannot break out of their line', () => {
  const text = exposition([
    { name: 'g', help: 'two\nlines \\', type: 'gauge', samples: [{ labels: { rule: 'say "no"\n\\' }, value: NaN }] },
  ]);
  assert.equal(text, '# HELP g two\\nlines \\\\\n# TYPE g gauge\ng{rule="say \\"no\\"\\n\\\\"} NaN\n');
});
