import type { Manifest, PlannedStep } from '@boucle/contract';

const digest = `blob:${'1'.repeat(64)}`;

export const aStep = (id: string, more: Partial<PlannedStep> = {}): PlannedStep => ({
  id,
  step: id,
  code: { module: `steps/${id}.ts` },
  codeDigest: digest,
  ports: { inputs: {}, outputs: { out: { kind: 'table' } } },
  inputs: {},
  params: {},
  secrets: [],
  options: {},
  ...more,
});

/** Takes one table, from a step or from the pipeline's input. */
export const aConsumer = (id: string, from: string, more: Partial<PlannedStep> = {}): PlannedStep =>
  aStep(id, {
    ports: { inputs: { data: { kind: 'table' } }, outputs: { out: { kind: 'table' } } },
    inputs: { data: [from === 'tweets' ? { from: 'input', name: 'tweets' } : { from: 'step', id: from, output: 'out' }] },
    ...more,
  });

/** For tests: a small manifest in which everything fits. */
export const aManifest = (more: Partial<Manifest> = {}, steps: PlannedStep[] = [aConsumer('clean', 'tweets')]): Manifest => ({
  format: 'boucle.manifest/1',
  project: 'airline',
  problem: 'Support reads angry tweets hours late',
  owners: ['social-care'],
  risk: 'limited',
  kpis: {},
  datasets: [
    {
      name: 'tweets',
      source: 'data/tweets.csv',
      key: ['id'],
      columns: [
        { name: 'id', type: { type: 'text' } },
        { name: 'text', type: { type: 'text' } },
      ],
      others: 'drop',
      expect: [],
      personal: [],
    },
  ],
  pipelines: [
    {
      format: 'boucle.plan/1',
      pipeline: 'training',
      params: { type: 'object', properties: { seed: { type: 'integer' } } },
      inputs: { tweets: { dataset: 'tweets' } },
      steps,
      outputs: {},
      on: [],
    },
  ],
  endpoints: [{ name: 'sentiment', model: 'sentiment@champion', environment: 'production' }],
  monitors: [],
  bundle: { format: 'boucle.bundle/1', tree: `tree:${'2'.repeat(64)}`, packages: [] },
  source: { commit: null, changes: null },
  ...more,
});
