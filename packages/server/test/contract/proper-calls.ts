import { blobDigest } from '@boucle/contract';
import type { CallOptions, Client } from '@boucle/sdk';
import { endpoint, model, project, type Stage } from './stage.ts';

/** For each route an input that it takes: leave one out and the compiler says so. */
export type ProperCalls<T = Client> = {
  readonly [K in keyof T]: T[K] extends (input: infer Input, options?: CallOptions) => unknown
    ? () => Input | Promise<Input>
    : ProperCalls<T[K]>;
};

let made = 0;
/** A name that was never used. */
export const aNewName = (): string => `made-${++made}`;

export const properCalls = (stage: Stage): ProperCalls => {
  const { client } = stage;
  const params = { project };
  const run = { ...params, runId: stage.runId };
  const version = { ...params, dataset: 'examples', number: 1 };
  const aModel = { ...params, model };
  const modelVersion = { ...aModel, number: 1 };
  const pipelineRun = { ...params, pipelineRunId: stage.pipelineRun.id };
  const stepRun = { params: { ...params, stepRunId: stage.stepRunId } };
  const anEndpoint = { ...params, endpoint };
  const artifact = { path: 'notes/a.txt' };
  const begun = () => client.pipelines.run({ params: { ...params, pipeline: 'training' }, body: {} });
  return {
    system: { info: () => ({}) },
    projects: {
      list: () => ({ query: { limit: 10 } }),
      get: () => ({ params }),
      create: () => ({ body: { name: aNewName(), problem: 'To be found' } }),
    },
    manifests: {
      preview: () => ({ params, body: { manifest: stage.manifest } }),
      apply: () => ({ params, body: { manifest: stage.manifest } }),
      current: () => ({ params }),
      get: () => ({ params: { ...params, manifestId: stage.manifestId } }),
    },
    blobs: {
      put: async () => {
        const data = aNewName();
        const { digest } = await stage.blobs.putBytes(data);
        return { params: { ...params, digest }, data };
      },
      get: async () => ({ params: { ...params, digest: await stage.upload('0123456789') } }),
      missing: () => ({ params, body: { digests: [blobDigest('9'.repeat(64))] } }),
    },
    secrets: {
      list: () => ({ params }),
      set: () => ({ params: { ...params, name: aNewName() }, body: { value: 'hunter2-hunter2' } }),
      remove: async () => {
        const named = { ...params, name: aNewName() };
        await client.secrets.set({ params: named, body: { value: 'gone tomorrow' } });
        return { params: named };
      },
    },
    datasets: {
      list: () => ({ params, query: { limit: 10 } }),
      versions: {
        create: () => ({
          params: { ...params, dataset: 'words' },
          query: { options: JSON.stringify({ format: 'csv', key: ['id'], source: 'by hand' }) },
          data: `id,text\n1,late\n2,${aNewName()}\n`,
        }),
        list: () => ({ params: { ...params, dataset: 'examples' }, query: { limit: 10 } }),
        get: () => ({ params: version }),
        rows: () => ({ params: version, query: { limit: 3, offset: 1 } }),
        file: () => ({ params: version }),
      },
    },
    experiments: {
      list: () => ({ params, query: { limit: 10 } }),
      create: () => ({ params, body: { name: aNewName() } }),
    },
    runs: {
      create: () => ({
        params,
        body: {
          experiment: 'mood',
          name: 'first',
          params: { lr: '0.1' },
          tags: { by: 'hand' },
          inputs: [{ dataset: 'examples', number: 1, digest: stage.version.digest, context: 'training' }],
        },
      }),
      get: () => ({ params: run }),
      list: () => ({ params, query: { limit: 10 } }),
      log: () => ({
        params: run,
        body: { metrics: [{ key: 'loss', value: 0.25, step: 1, time: 5 }], params: { lr: '0.1' }, tags: { by: 'hand' } },
      }),
      finish: async () => {
        const { id } = await client.runs.create({ params, body: {} });
        return { params: { ...params, runId: id }, body: { status: 'finished' } };
      },
      history: () => ({ params: run, query: { key: 'loss', limit: 10 } }),
      artifacts: {
        list: () => ({ params: run }),
        put: () => ({ params: run, query: { path: `made/${aNewName()}` }, data: 'hello' }),
        get: () => ({ params: run, query: artifact }),
      },
      reproduce: () => ({ params: { ...params, runId: stage.trainedRunId } }),
      reproduction: () => ({ params: { ...params, runId: stage.trainedRunId, pipelineRunId: stage.reproductionId } }),
    },
    models: {
      list: () => ({ params, query: { limit: 10 } }),
      get: () => ({ params: aModel }),
      versions: {
        list: () => ({ params: aModel, query: { limit: 10 } }),
        get: () => ({ params: modelVersion }),
        create: () => ({ params: aModel, body: { digest: stage.modelVersion.digest, runId: stage.trainedRunId } }),
        file: () => ({ params: modelVersion, query: { path: 'MLmodel' } }),
      },
    },
    aliases: {
      set: () => ({ params: { ...aModel, alias: 'champion' }, body: { number: 1 } }),
      remove: async () => {
        const alias = { ...aModel, alias: aNewName() };
        await client.aliases.set({ params: alias, body: { number: 1 } });
        return { params: alias };
      },
    },
    pipelines: {
      list: () => ({ params }),
      run: () => ({ params: { ...params, pipeline: 'training' }, body: { params: { seed: 7 }, inputs: { examples: 1 } } }),
    },
    pipelineRuns: {
      list: () => ({ params, query: { limit: 10, pipeline: 'training' } }),
      get: () => ({ params: pipelineRun }),
      cancel: async () => ({ params: { ...params, pipelineRunId: (await begun()).id } }),
    },
    stepRuns: {
      get: () => stepRun,
      why: () => stepRun,
      log: () => ({ ...stepRun, query: { attempt: 1, offset: 0, limit: 100 } }),
    },
    endpoints: {
      list: () => ({ params, query: { limit: 10 } }),
      get: () => ({ params: anEndpoint }),
      deploy: () => ({ params: anEndpoint, body: { model: `${model}/1`, environment: 'production', log: 'written' } }),
      deployments: () => ({ params: anEndpoint, query: { limit: 10 } }),
    },
    predictions: {
      list: () => ({ params, query: { endpoint, limit: 10 } }),
      get: () => ({ params: { ...params, predictionId: stage.predictionId } }),
    },
    feedback: {
      give: () => ({
        params,
        body: { items: [{ predictionId: stage.predictionId, label: 'bad', comment: 'it was', eventTime: '2026-01-01T00:00:00.000Z' }] },
      }),
    },
    reports: {
      trace: () => ({ params: { ...params, predictionId: stage.predictionId } }),
      overview: () => ({ params }),
      story: () => ({ params: { ...params, correlationId: stage.pipelineRun.correlationId }, query: { limit: 10 } }),
    },
    events: { stream: () => ({ params, query: { after: 0 } }) },
  };
};
