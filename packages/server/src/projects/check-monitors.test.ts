import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AlertRule, DeclaredMonitor, Manifest } from '@boucle/contract';
import { aConsumer, aManifest, aStep } from '../testing/a-manifest.ts';
import { checkManifest } from './check-manifest.ts';

const steps = [
  aConsumer('train', 'tweets', { code: { module: '@boucle/project/library/train-text.ts' } }),
  aStep('register', { code: { effect: 'register' }, params: { name: { value: 'sentiment' } } }),
];
const watching = (more: Partial<DeclaredMonitor>, manifest: Partial<Manifest> = {}): Manifest =>
  aManifest(
    {
      kpis: { recall: { metric: 'recall', target: { atLeast: 0.9 }, because: 'so' } },
      channels: [{ name: 'desk', kind: 'webhook', url: 'https://hooks.example.com/x' }],
      monitors: [{ name: 'tweets', endpoint: 'sentiment', ...more }],
      ...manifest,
    },
    steps,
  );
const ruled = (rule: Partial<AlertRule>): Manifest =>
  watching({
    alerts: [{ name: 'buzz', count: { prediction: 'negative' }, above: 3, within: '5m', notify: ['desk'], ...rule } as AlertRule],
  });
const refused = (manifest: Manifest, reason: string, message: RegExp): void =>
  assert.throws(() => checkManifest(manifest), { code: 'invalid_request', reason, message }, reason);

test('a monitor that fits is taken', () => {
  checkManifest(ruled({ groupBy: ['text', 'variant'] }));
  checkManifest(watching({ drift: { columns: ['text', 'prediction', 'confidence'], falseAlarms: '1 a month' }, slices: ['id'] }));
});

test('endpoints, channels, KPIs and columns are there, or the nearest one is named', () => {
  refused(watching({ endpoint: 'sentimnt' }), 'unknown_endpoint', /Monitor "tweets": .* did you mean "sentiment"\?/);
  refused(ruled({ notify: ['desc'] }), 'unknown_channel', /the rule "buzz" notifies the channel "desc".* did you mean "desk"\?/);
  refused(watching({ alerts: [{ name: 'k', kpi: 'recal', notify: [] }] }), 'unknown_kpi', /did you mean "recall"\?/);
  refused(ruled({ groupBy: ['txt'] }), 'unknown_column', /did you mean "text"\?/);
  refused(ruled({ count: { predicton: 'negative' } } as Partial<AlertRule>), 'unknown_column', /did you mean "prediction"\?/);
  refused(watching({ slices: ['airline'] }), 'unknown_column', /there are: prediction, confidence, variant, id, text/);
  refused(watching({ drift: { columns: ['txt'], falseAlarms: '1 a month' } }), 'unknown_column', /did you mean "text"/);
  const drifting = { columns: ['text'], falseAlarms: '1 a month' };
  refused(watching({ drift: drifting, alerts: [{ name: 'd', drift: ['id'], notify: [] }] }), 'unknown_column', /does not look at/);
});

test('columns that cannot be told are taken on trust', () => {
  const base = ruled({ groupBy: ['made by a step'] });
  checkManifest({ ...base, datasets: [{ ...base.datasets[0]!, others: 'keep' }] });
  checkManifest({ ...base, endpoints: [{ ...base.endpoints[0]!, model: 'another@champion' }] });
});

test('names are there once, and numbers make sense', () => {
  const { alerts } = ruled({}).monitors[0]!;
  refused(watching({ alerts: [...alerts!, ...alerts!] }), 'rule_doubled', /"buzz"/);
  const { monitors, channels } = ruled({});
  refused(watching({}, { monitors: [...monitors, ...monitors] }), 'monitor_doubled', /"tweets"/);
  refused(watching({}, { channels: [...channels!, ...channels!] }), 'channel_doubled', /"desk"/);
  refused(ruled({ within: '0s' } as Partial<AlertRule>), 'bad_duration', /0s/);
  refused(ruled({ above: 20_000 } as Partial<AlertRule>), 'count_too_large', /as a share/);
  refused(watching({ drift: { columns: ['text'], falseAlarms: '0 a month' } }), 'bad_false_alarms', /1 a month/);
  refused(watching({}, { channels: [{ name: 'desk', kind: 'slack', url: 'hooks.slack.com/x' }] }), 'bad_address', /https:\/\//);
});
