import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeclaredMonitor, Manifest, Trigger } from '@boucle/contract';
import { aManifest } from '../testing/a-manifest.ts';
import { checkTriggers } from './check-triggers.ts';

const fault = ({ schedule, zone }: { schedule: string; zone: string }) =>
  schedule === 'daily' ? `"daily" in ${zone} is no schedule` : undefined;
const refused = (manifest: Manifest, reason: string, message: RegExp): void =>
  assert.throws(() => checkTriggers(manifest, fault), { code: 'invalid_request', reason, message }, reason);
const on = (...triggers: Trigger[]): Manifest => {
  const base = aManifest();
  return { ...base, pipelines: [{ ...base.pipelines[0]!, on: triggers }] };
};
const retraining = (retrain: Partial<NonNullable<DeclaredMonitor['retrain']>>): Manifest =>
  aManifest({ monitors: [{ name: 'watch', endpoint: 'sentiment', retrain: { pipeline: 'training', on: ['drift'], ...retrain } }] });

test('a schedule is one that those who run it understand', () => {
  refused(on({ schedule: 'daily' }), 'bad_schedule', /"training": "daily" in UTC is no schedule/);
  checkTriggers(on({ schedule: '0 6 * * *', zone: 'Europe/Berlin' }, { newVersionOf: 'tweets' }, { webhook: 'push' }), fault);
});

test('what a pipeline waits for is one of its inputs, and a webhook has a name of its own', () => {
  refused(on({ newVersionOf: 'letters' }), 'unknown_dataset', /"letters", which the project does not declare/);
  const base = on({ newVersionOf: 'tweets' });
  refused({ ...base, pipelines: [{ ...base.pipelines[0]!, inputs: {} }] }, 'missing_input', /none of its inputs/);
  refused(on({ webhook: 'push' }, { webhook: 'push' }), 'trigger_doubled', /"push"/);
});

test('a monitor retrains with a pipeline that is there, on causes that there are, with labels that have a column', () => {
  checkTriggers(retraining({ on: ['drift', 'kpi:recall', 'alert:more than three'], labels: { dataset: 'tweets', column: 'text' } }), fault);
  refused(retraining({ pipeline: 'nightly' }), 'unknown_pipeline', /"nightly"/);
  refused(retraining({ on: ['rain'] }), 'bad_cause', /write drift, kpi:<name> or alert:<rule>/);
  refused(retraining({ labels: { dataset: 'letters', column: 'text' } }), 'unknown_dataset', /"letters"/);
  refused(retraining({ labels: { dataset: 'tweets', column: 'mood' } }), 'unknown_column', /"mood"/);
  const base = retraining({ labels: { dataset: 'tweets', column: 'text' } });
  refused({ ...base, pipelines: [{ ...base.pipelines[0]!, inputs: {} }] }, 'missing_input', /no input of the pipeline/);
});
