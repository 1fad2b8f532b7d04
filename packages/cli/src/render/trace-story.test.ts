import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Trace } from '@boucle/contract';
import { plain } from '../terminal/paint.ts';
import { traceStory } from './trace-story.ts';

const prediction: Trace['prediction'] = {
  id: `${'0'.repeat(32)}.0`,
  requestId: '0'.repeat(32),
  row: 0,
  clientId: null,
  project: 'demo',
  endpoint: 'sentiment',
  deploymentId: null,
  variant: null,
  share: null,
  shadowOf: null,
  digest: null,
  unit: null,
  subject: null,
  inputs: { text: 'late\nagain' },
  outputs: { label: 'negative', score: 0.9 },
  eventTime: '2026-11-21T10:00:00.000Z',
  arrivalTime: '2026-11-21T10:00:00.000Z',
  latencyMs: 3.2,
  outcome: 'ok',
  status: 200,
  error: null,
  correlationId: null,
};
const bare: Trace = {
  prediction,
  feedback: [],
  deployment: null,
  modelVersion: null,
  run: null,
  stepRun: null,
  pipelineRunId: null,
  codeDigest: null,
  commit: null,
  changes: null,
  datasetVersions: [],
  learnedFrom: [],
  milliseconds: 12.4,
};

test('where the trail was never laid, the story ends with the answer', () => {
  assert.equal(
    traceStory(bare, plain),
    [
      '● The endpoint sentiment answered label negative, score 0.9',
      '    to text late again',
      '    at 2026-11-21 10:00:00Z, in 3.2 ms',
      '  (followed in 12 ms)',
    ].join('\n'),
  );
});

test('a request that was refused is told as such', () => {
  const story = traceStory(
    { ...bare, prediction: { ...prediction, outcome: 'invalid', status: 400, outputs: null, error: 'There is no input "txt"' } },
    plain,
  );
  assert.match(story, /answered invalid \(400\)\n.*\n.*There is no input "txt"/);
});

test('the last station shows rows, by identity, of each table that was learned from', () => {
  const story = traceStory(
    {
      ...bare,
      commit: 'f'.repeat(40),
      changes: `blob:${'1'.repeat(64)}`,
      learnedFrom: [
        { input: 'train', digest: `rows:${'2'.repeat(64)}`, rows: 409, first: [{ _row: 'ab', text: 'lost my bag', label: 'negative' }] },
      ],
    },
    plain,
  );
  assert.match(story, /○ with the code\n│   commit ffffffffffff, and what was not committed: blob:111111111111…/);
  assert.match(story, /◆ and these very rows\n {4}train: 409 rows, rows:222222222222…\n {6}ab {2}lost my bag · negative/);
});

test('of much evidence, that with an interval comes first and the rest is counted', () => {
  const digest = `rows:${'2'.repeat(64)}`;
  const evidence = [
    ...Array.from({ length: 8 }, (_, i) => ({ metric: `m${i}`, value: i, interval: null, digest })),
    { metric: 'recall', value: 0.9, interval: [0.8, 0.95] as [number, number], digest },
  ];
  const modelVersion: NonNullable<Trace['modelVersion']> = {
    id: '0'.repeat(32),
    project: 'demo',
    model: 'sentiment',
    number: 3,
    digest: `tree:${'3'.repeat(64)}`,
    task: 'text-classification',
    signature: { inputs: [], outputs: [] },
    labels: [],
    source: null,
    loggedModelId: null,
    description: '',
    tags: {},
    stage: 'none',
    runLink: null,
    runId: null,
    stepRunId: null,
    evidence,
    predictions: null,
    aliases: ['champion'],
    createdAt: '2026-11-21T10:00:00.000Z',
    updatedAt: '2026-11-21T10:00:00.000Z',
    createdBy: 'owner',
    correlationId: '0'.repeat(32),
  };
  const story = traceStory({ ...bare, modelVersion }, plain);
  assert.match(story, /by model sentiment, version 3 \(champion\)\n.*tree:333333333333…\n.*recall 0\.9, 95 % interval 0\.8 to 0\.95\n/);
  assert.match(story, /and 3 more/);
});
