import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeclaredMonitor } from '@boucle/contract';
import { endpoint, openStage, project } from './stage.ts';

test('what a server answers is counted in windows, and compared with the rows that the model was trained and judged on', async () => {
  const stage = await openStage();
  try {
    const { client, address } = stage;
    const params = { project };
    const declared: DeclaredMonitor = {
      name: 'live',
      endpoint,
      windows: { every: '2s', lateness: '100ms' },
      drift: { columns: ['text', 'prediction', 'confidence'], falseAlarms: '1 a month' },
    };
    const manifest = {
      ...stage.manifest,
      monitors: [declared],
      kpis: { fast: { metric: 'latency_p95_ms', target: { atMost: 60_000 }, because: 'a test' } },
    };
    await client.manifests.apply({ params, body: { manifest } });
    const texts = Array.from({ length: 120 }, (_, i) => `flight ${i} was ${i % 2 ? 'late' : 'early'} and ${i % 3 ? 'kind' : 'rude'}`);
    const answer = await fetch(`${address}/v2/models/${endpoint}/infer`, {
      method: 'POST',
      headers: { 'boucle-project': project },
      body: JSON.stringify({ inputs: [{ name: 'text', shape: [texts.length], datatype: 'BYTES', data: texts }] }),
    });
    assert.equal(answer.status, 200);
    const counted = async () => {
      for (;;) {
        const { items } = await client.monitors.windows({ params: { ...params, monitor: 'live' }, query: { limit: 100 } });
        const found = items.find(({ rows }) => rows > 0);
        if (found) return client.monitors.window({ params: { ...params, windowId: found.id }, query: {} });
        await sleep(100);
      }
    };
    const window = await counted();
    assert.deepEqual([window.rows, window.traffic[0]!.requests, window.kpis[0]!.kpi], [120, 1, 'fast']);
    const from = (name: string) => window.columns.filter(({ column }) => column === name).map(({ reference }) => reference);
    assert.deepEqual(
      [new Set(from('text')), from('prediction'), from('confidence')],
      [new Set(['training']), ['evaluation'], ['evaluation']],
    );
    const text = window.columns.find(({ measure }) => measure === 'length')!;
    assert.equal(text.rows.current, 120);
    assert.ok(text.rows.reference > 10);

    const requestId = answer.headers.get('x-boucle-request-id');
    await client.feedback.give({ params, body: { items: [{ predictionId: `${requestId}.0`, label: 'good' }] } });
    for (;;) {
      const again = await client.monitors.window({ params: { ...params, windowId: window.id }, query: {} });
      if (again.labelled === 1) {
        assert.equal(again.version, window.version + 1);
        assert.deepEqual(
          again.columns.filter(({ kind }) => kind !== 'errors'),
          window.columns,
        );
        break;
      }
      await sleep(100);
    }
  } finally {
    await stage.close();
  }
});
