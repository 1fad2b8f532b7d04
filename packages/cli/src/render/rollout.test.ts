import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rollout, RolloutReport } from '@boucle/contract';
import { rolloutText, stageText } from './rollout.ts';

const plain = (_: string, text: string): string => text;
const version = (number: number) => ({ modelVersionId: String(number).repeat(32), model: 'texts', version: number });
const rollout = {
  id: 'a'.repeat(32),
  project: 'demo',
  endpoint: 'texts',
  number: 3,
  kind: 'canary',
  candidate: version(2),
  baseline: version(1),
  alias: 'texts@champion',
  stage: 'canary',
  step: 0,
  share: 0.05,
  status: 'running',
  evidence: 12,
  startedAt: '2026-11-21T10:00:00.000Z',
  startedBy: 'owner',
  endedAt: null,
  correlationId: 'd'.repeat(32),
} as unknown as Rollout;
const arm = { units: 10, errors: 0, labelled: 4, wrong: 1, latencyMs: [] };
const report: RolloutReport = {
  rollout,
  verdicts: [
    { number: 1, kind: 'load', seq: 0, at: '2026-11-21T10:00:01.000Z', by: 'system', message: 'It is warm', facts: {}, digest: '' },
  ],
  arms: [
    { arm: 'baseline', version: version(1), shareRequested: 0.95, shareObserved: 0.9, ...arm },
    { arm: 'candidate', version: version(2), shareRequested: 0.05, shareObserved: null, ...arm },
  ],
  series: [],
  bounds: { rollback: 3, promote: 3, hold: 1.5 },
  risk: { estimate: 1.25, interval: { low: 0.5, high: null, confidence: 0.95 } },
  latency: [],
  sampleRatio: { pValue: 1, biased: false },
  shadow: null,
  ab: null,
  standing: '3 bad events so far speak for neither side',
  awaits: 'More wrong labels',
};

test('a rollout that runs says how it stands, from what, and what would decide', () => {
  const text = rolloutText(report, plain as never);
  assert.match(text, /^texts 3 {2}texts\/2 {2}running, canary at 5 %\n3 bad events.*\nMore wrong labels\n/);
  assert.match(text, /risk +1\.25 times the baseline's \(0\.5 to ∞\)/);
  assert.match(text, /baseline +texts\/1 +95 % +90 %/);
  assert.match(text, /load +system +It is warm$/);
});

test('one that is over says how it ended, and awaits nothing', () => {
  const ended = { ...rollout, stage: 'ended', status: 'promoted', share: 1, endedAt: '2026-11-21T11:00:00.000Z' } as Rollout;
  assert.equal(stageText(ended), 'promoted');
  assert.doesNotMatch(rolloutText({ ...report, rollout: ended }, plain as never), /More wrong labels/);
});
