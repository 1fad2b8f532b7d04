/** A pipeline run that compared three approaches, for the pictures and the journeys. Never part of the page. */
import type { Pipeline, PipelineRun, PipelineRunSummary } from '@boucle/contract';
import { aComparison } from '../src/testing/a-comparison.ts';
import { correlationId } from './fixtures.ts';

const id = (n: number): string => n.toString(16).padStart(32, 'c0');
const plan = (): Pipeline['plan'] => ({
  format: 'boucle.plan/1',
  pipeline: 'compare',
  params: {},
  inputs: {},
  outputs: { comparison: { from: 'step', id: 'compare-approaches', output: 'comparison' } },
  on: [],
  steps: [
    {
      id: 'compare-approaches',
      step: 'compare-approaches',
      code: { module: '@boucle/project/library/compare-approaches' },
      codeDigest: `blob:${'ab'.repeat(32)}`,
      ports: { inputs: {}, outputs: { comparison: { kind: 'value' } } },
      inputs: {},
      params: {},
      secrets: [],
      options: {},
    },
  ],
});

export const comparingRun = (project: string): PipelineRunSummary => ({
  id: id(4),
  project,
  pipeline: 'compare',
  number: 4,
  status: 'succeeded',
  startedAt: '2026-03-01T09:00:00.000Z',
  endedAt: '2026-03-01T09:31:00.000Z',
  correlationId,
});
export const comparingPipeline = (project: string): Pipeline => ({
  project,
  name: 'compare',
  manifestId: id(1),
  plan: plan(),
  lastRun: comparingRun(project),
});
export const comparingRunOf = (project: string): PipelineRun => ({
  ...comparingRun(project),
  manifestId: id(1),
  plan: plan(),
  params: {},
  inputs: {},
  runId: null,
  steps: [],
  outputs: { comparison: { kind: 'value', value: aComparison() } },
  startedBy: 'owner',
});
