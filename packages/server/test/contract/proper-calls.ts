import { blobDigest } from '@boucle/contract';
import type { CallOptions, Client } from '@boucle/sdk';
import { startRouted, startWaiting, waiting } from './a-rollout.ts';
import { monitor } from './a-window.ts';
import { aSilence, channel } from './an-alert.ts';
import { aNewName } from './names.ts';
import { aPassword } from './refusals/users.ts';
import { endpoint, gated, model, project, type Stage } from './stage.ts';

/** For each route an input that it takes: leave one out and the compiler says so. */
export type ProperCalls<T = Client> = {
  readonly [K in keyof T]: T[K] extends (input: infer Input, options?: CallOptions) => unknown
    ? () => Input | Promise<Input>
    : ProperCalls<T[K]>;
};

export const properCalls = (stage: Stage): ProperCalls => {
  const { client } = stage;
  const params = { project };
  const run = { ...params, runId: stage.runId };
  const upload = async () => ({ ...run, uploadId: (await client.uploads.begin({ params: run, body: { path: aNewName() } })).id });
  const version = { ...params, dataset: 'examples', number: 1 };
  const aModel = { ...params, model };
  const modelVersion = { ...aModel, number: 1 };
  const pipelineRun = { ...params, pipelineRunId: stage.pipelineRun.id };
  const stepRun = { params: { ...params, stepRunId: stage.stepRunId } };
  const anEndpoint = { ...params, endpoint };
  const artifact = { path: 'notes/a.txt' };
  const begun = () => client.pipelines.run({ params: { ...params, pipeline: 'training' }, body: {} });
  const aRollout = { params: { ...params, rolloutId: stage.rolloutId } };
  const begunRollout = async () => ({ params: { ...params, rolloutId: (await startWaiting(stage)).id } });
  const aUser = async () => {
    const { name } = await client.users.create({ body: { name: aNewName(), password: aPassword } });
    return { user: name };
  };
  const anExperiment = { ...params, experimentId: stage.experimentId };
  const newExperiment = async () => {
    const { id } = await client.experiments.create({ params, body: { name: aNewName(), tags: { by: 'hand' } } });
    return { ...params, experimentId: id };
  };
  const removedExperiment = async () => {
    const made = await newExperiment();
    await client.experiments.remove({ params: made });
    return made;
  };
  const newRun = async () => ({ ...params, runId: (await client.runs.create({ params, body: { tags: { by: 'hand' } } })).id });
  const removedRun = async () => {
    const made = await newRun();
    await client.runs.remove({ params: made });
    return made;
  };
  const anEmptyModel = async () => ({ ...params, model: (await client.models.create({ params, body: { name: aNewName() } })).name });
  const anotherVersion = async () => {
    const { model: other, number } = await client.models.versions.create({
      params: { ...params, model: aNewName() },
      body: { digest: stage.modelVersion.digest },
    });
    return { ...params, model: other, number };
  };
  const aRetraining = { params, body: { monitor: 'retrainer', because: 'to be sure' } };
  return {
    system: { info: () => ({}), collectGarbage: () => ({ body: { dryRun: true } }) },
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
    users: {
      list: () => ({ query: { limit: 10 } }),
      create: () => ({ body: { name: aNewName(), password: aPassword, isAdmin: false } }),
      current: () => ({ query: { project } }),
      setPassword: async () => ({ params: await aUser(), body: { password: `${aPassword}!`, current: aPassword } }),
      setAdmin: async () => ({ params: await aUser(), body: { isAdmin: false } }),
      remove: async () => ({ params: await aUser() }),
    },
    roles: {
      list: () => ({ params }),
      set: async () => ({ params: { ...params, ...(await aUser()) }, body: { level: 'edit' } }),
      remove: async () => {
        const of = { ...params, ...(await aUser()) };
        await client.roles.set({ params: of, body: { level: 'edit' } });
        return { params: of };
      },
    },
    tokens: {
      list: () => ({ query: { limit: 10 } }),
      create: () => ({ body: { name: 'ci', project, permissions: ['tokens:write'], expiresAt: '2126-01-01T00:00:00.000Z' } }),
      revoke: async () => ({ params: { tokenId: (await client.tokens.create({ body: { name: 'brief' } })).id } }),
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
        profile: () => ({ params: version }),
        validation: () => ({ params: version }),
        changes: async () => {
          const grown = { ...params, dataset: aNewName() };
          for (const rows of ['1,late\n', '1,later\n2,new\n'])
            await client.datasets.versions.create({ params: grown, query: { options: '{"key":["id"]}' }, data: `id,text\n${rows}` });
          return { params: { ...grown, number: 2 }, query: { against: 1 } };
        },
        file: () => ({ params: version }),
      },
    },
    experiments: {
      search: () => ({ params, body: { filter: "name != 'x'", orderBy: ['name DESC'], limit: 10 } }),
      list: () => ({ params, query: { limit: 10 } }),
      create: () => ({ params, body: { name: aNewName(), tags: { by: 'hand' } } }),
      get: () => ({ params: anExperiment }),
      update: async () => ({ params: await newExperiment(), body: { name: aNewName() } }),
      remove: async () => ({ params: await newExperiment() }),
      restore: async () => ({ params: await removedExperiment() }),
      purge: async () => ({ params: await removedExperiment() }),
      tags: {
        set: () => ({ params: anExperiment, body: { tags: { by: 'hand' } } }),
        remove: async () => ({ params: await newExperiment(), query: { key: 'by' } }),
      },
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
      search: () => ({ params, body: { filter: "metrics.loss < 1 OR status = 'running'", orderBy: ['metrics.loss DESC'], limit: 10 } }),
      count: () => ({ params, body: { filter: 'metrics.loss < 1', experimentIds: [stage.experimentId] } }),
      keys: () => ({ params, query: { kind: 'metric', experiments: stage.experimentId, part: 'LO', limit: 10 } }),
      update: async () => ({ params: await newRun(), body: { name: 'best so far' } }),
      remove: async () => ({ params: await newRun() }),
      restore: async () => ({ params: await removedRun() }),
      purge: async () => ({ params: await removedRun() }),
      tags: {
        set: () => ({ params: run, body: { tags: { by: 'hand' } } }),
        remove: async () => ({ params: await newRun(), query: { key: 'by' } }),
      },
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
      chart: () => ({ params, query: { runs: stage.runId, key: 'loss', axis: 'relative', points: 100 } }),
      artifacts: {
        list: () => ({ params: run, query: { path: 'notes', limit: 10 } }),
        put: () => ({ params: run, query: { path: `made/${aNewName()}` }, data: 'hello' }),
        get: () => ({ params: run, query: artifact }),
      },
      reproduce: () => ({ params: { ...params, runId: stage.trainedRunId } }),
      reproduction: () => ({ params: { ...params, runId: stage.trainedRunId, pipelineRunId: stage.reproductionId } }),
    },
    uploads: {
      begin: () => ({ params: run, body: { path: `large/${aNewName()}` } }),
      get: async () => ({ params: await upload() }),
      part: async () => ({ params: { ...(await upload()), number: 7 }, data: 'hello' }),
      complete: async () => {
        const at = await upload();
        const { number, digest } = await client.uploads.part({ params: { ...at, number: 1 }, data: 'hello' });
        return { params: at, body: { parts: [{ number, digest }] } };
      },
      abort: async () => ({ params: await upload() }),
    },
    models: {
      search: () => ({ params, body: { filter: "name != 'x'", orderBy: ['name DESC'], limit: 10 } }),
      create: () => ({ params, body: { name: aNewName(), description: 'By hand', tags: { by: 'hand' } } }),
      update: async () => ({ params: await anEmptyModel(), body: { name: aNewName(), description: 'By hand' } }),
      remove: async () => ({ params: await anEmptyModel() }),
      tags: {
        set: () => ({ params: aModel, body: { tags: { by: 'hand' } } }),
        remove: () => ({ params: aModel, query: { key: 'by' } }),
      },
      list: () => ({ params, query: { limit: 10 } }),
      get: () => ({ params: aModel }),
      versions: {
        search: () => ({ params, body: { filter: 'version_number > 0', orderBy: ['name DESC'], limit: 10 } }),
        update: () => ({ params: modelVersion, body: { description: 'By hand' } }),
        remove: async () => ({ params: await anotherVersion() }),
        stage: () => ({ params: modelVersion, body: { stage: 'staging', archiveOthers: true } }),
        tags: {
          set: () => ({ params: modelVersion, body: { tags: { by: 'hand' } } }),
          remove: () => ({ params: modelVersion, query: { key: 'by' } }),
        },
        list: () => ({ params: aModel, query: { limit: 10 } }),
        get: () => ({ params: modelVersion }),
        create: () => ({ params: aModel, body: { digest: stage.modelVersion.digest, runId: stage.trainedRunId } }),
        gates: async () => {
          await client.models.versions.judge({ params: modelVersion, body: { endpoint: gated } });
          return { params: modelVersion, query: { endpoint: gated } };
        },
        judge: () => ({ params: modelVersion, body: { endpoint: gated } }),
        explain: () => ({ params: modelVersion, body: { columns: { text: ['flight 7 was late'] }, label: 'bad' } }),
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
    approvals: {
      list: () => ({ params, query: { limit: 10, status: 'open' } }),
      get: async () => ({ params: { ...params, approvalId: await stage.askApproval() } }),
      decide: async () => ({
        params: { ...params, approvalId: await stage.askApproval() },
        body: { approve: true, comment: 'Looks right' },
      }),
    },
    pipelines: {
      list: () => ({ params }),
      run: () => ({ params: { ...params, pipeline: 'training' }, body: { params: { seed: 7 }, inputs: { examples: 1 } } }),
      backfill: () => ({
        params: { ...params, pipeline: 'nightly' },
        body: { from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T12:00:00.000Z', dryRun: true },
      }),
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
    triggers: {
      list: () => ({ params }),
      fire: () => ({ params: { ...params, name: 'from-outside' }, body: { params: { seed: 7 } } }),
    },
    retrainings: {
      list: () => ({ params, query: { limit: 10, monitor: 'retrainer' } }),
      get: async () => {
        const { id } = await client.retrainings.start(aRetraining);
        return { params: { ...params, retrainingId: id } };
      },
      start: () => aRetraining,
    },
    endpoints: {
      list: () => ({ params, query: { limit: 10 } }),
      get: () => ({ params: anEndpoint }),
      deploy: () => ({ params: anEndpoint, body: { model: `${model}/1`, environment: 'production', log: 'written' } }),
      deployments: () => ({ params: anEndpoint, query: { limit: 10 } }),
    },
    rollouts: {
      list: () => ({ params, query: { limit: 10 } }),
      get: () => aRollout,
      start: waiting,
      pause: async () => ({ ...(await begunRollout()), body: { reason: 'to have a look' } }),
      resume: async () => {
        const { params: of } = await begunRollout();
        await client.rollouts.pause({ params: of, body: { reason: 'to have a look' } });
        return { params: of, body: { reason: 'all is well' } };
      },
      promote: async () => ({ params: { ...params, rolloutId: (await startRouted(stage)).id }, body: { reason: 'we are sure' } }),
      rollBack: async () => ({ ...(await begunRollout()), body: { reason: 'not today' } }),
      evidence: () => ({ ...aRollout, query: { limit: 10 } }),
      verify: () => aRollout,
    },
    traffic: { list: () => ({ params, query: { endpoint } }) },
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
    alerts: {
      list: () => ({ params, query: { limit: 10, status: 'firing', endpoint, monitor: 'alarm' } }),
      get: () => ({ params: { ...params, alertId: stage.alertId } }),
      acknowledge: () => ({ params: { ...params, alertId: stage.alertId }, body: { comment: 'I look after it' } }),
    },
    silences: {
      list: () => ({ params, query: { limit: 10 } }),
      create: () => aSilence(),
      remove: async () => ({ params: { ...params, silenceId: (await client.silences.create(aSilence())).id } }),
    },
    notifications: { list: () => ({ params, query: { limit: 10, status: 'failed', channel: channel.name, alertId: stage.alertId } }) },
    channels: {
      list: () => ({ params }),
      test: () => ({ params: { ...params, channel: channel.name }, body: { comment: 'hello' } }),
    },
    monitors: {
      list: () => ({ params }),
      get: () => ({ params: { ...params, monitor } }),
      windows: () => ({ params: { ...params, monitor }, query: { limit: 10, version: 'all' } }),
      window: () => ({ params: { ...params, windowId: stage.windowId }, query: { version: 1 } }),
      performance: () => ({ params: { ...params, monitor }, query: { metric: 'recall', of: 'bad', limit: 10 } }),
    },
    reports: {
      trace: () => ({ params: { ...params, predictionId: stage.predictionId } }),
      overview: () => ({ params }),
      story: () => ({ params: { ...params, correlationId: stage.pipelineRun.correlationId }, query: { limit: 10 } }),
      stories: () => ({ params, query: { limit: 10 } }),
    },
    events: { stream: () => ({ params, query: { after: 0 } }) },
  };
};
