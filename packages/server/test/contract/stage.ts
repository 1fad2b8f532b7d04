import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BlobDigest, hexOf, requirePackage, treeDigest, treeListing, type TreeDigest } from '@boucle/contract';
import { type Client, createClient } from '@boucle/sdk';
import type { Caller } from '../../src/governance/index.ts';
import { createCallerOf } from '../../src/http/index.ts';
import { assemble } from '../../src/main/assemble.ts';
import { createModules } from '../../src/main/create-modules.ts';
import { openPlatform, type Platform } from '../../src/main/open-platform.ts';
import { createBlobs } from '../../src/platform/blobs/index.ts';
import { loadConfig } from '../../src/platform/config/index.ts';
import { diskFiles, type Files } from '../../src/platform/files/index.ts';
import { databases } from '../../src/testing/databases.ts';
import { inProcess } from '../../src/testing/in-process.ts';
import { startRouted } from './a-rollout.ts';
import { closeWindow } from './a-window.ts';
import { endAlert, raiseAlert } from './an-alert.ts';
import { endpoint, model, project } from './names.ts';
import { addExamples, applyProject, examples, runPipeline, writeProject } from '../../src/testing/small-project.ts';

export const maxBody = 1024 * 1024;
export const maxUpload = 2 * 1024 * 1024;
export const token = 'the-admin-token';
/** Declares gates, and is never deployed. */
export const gated = 'gated';
export { endpoint, model, project };

/** The whole server, put together as `startServer` does, but for a disk that can be filled and callers who may less. */
const openServer = async (folder: string, database: string) => {
  const flags = { port: 0, data: path.join(folder, 'data'), database, checkAnswers: true, maxBody, maxUpload, adminToken: token };
  const config = await loadConfig({ env: {}, flags });
  const log: string[] = [];
  const opened = await openPlatform(config, { writeLog: (line) => log.push(line) });
  let isFull = false;
  const full = () => Promise.reject(Object.assign(new Error('no room'), { code: 'ENOSPC' }));
  const files: Files = { ...diskFiles, create: (file) => (isFull ? full() : diskFiles.create(file)) };
  const whileFull = async <T>(work: () => Promise<T>): Promise<T> => {
    isFull = true;
    return work().finally(() => (isFull = false));
  };
  const blobs = await createBlobs(opened.folder('blobs'), files);
  const platform = { ...opened, blobs };
  const modules = await createModules(platform);
  await modules.start();
  const door: { caller: Caller | undefined } = { caller: undefined };
  // There are users, and the owner stays in all the same.
  const identity = { ...modules.whoMay.identity, asksEverybody: async () => false };
  const callerOf = createCallerOf({ adminToken: config.adminToken, identity });
  const app = assemble({ platform, modules, callerOf: async (request) => door.caller ?? callerOf(request) });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  modules.announce(address);
  const close = async (): Promise<void> => {
    await app.close();
    await modules.close();
    await platform.close();
  };
  return {
    address,
    door,
    log,
    platform,
    modules,
    disk: { whileFull },
    /** A client of the same server, but for a part of its platform. */
    clientWith: (part: Partial<Platform>): Client => {
      const other = assemble({ platform: { ...platform, ...part }, modules, callerOf: async () => ({ id: 'owner', permissions: 'all' }) });
      return createClient({ baseUrl: 'http://localhost', fetch: inProcess(other) });
    },
    close,
  };
};

let asked = 0;

/** What the life of a small project leaves behind: something for each route to speak of. */
const live = async (client: Client, address: string, folder: string) => {
  const params = { project };
  await writeProject(folder, {
    imports: `import { expect } from '@boucle/project';`,
    datasets: { expected: `{ source: 'expected.csv', columns: { text: Type.String() }, expect: [expect.rows({ min: 1 })] }` },
    pipelines: {
      nightly: `{ inputs: { examples }, params: { seed: withDefault(Type.Integer(), 7) }, on: [{ schedule: '0 6 1 1 *' }, { webhook: 'from-outside' }] },
        ({ examples, seed }) => { split({ data: examples, seed }); }`,
    },
    // Without feedback none of what is asked for begins.
    monitors: {
      retrainer: `{ endpoint: texts, retrain: { pipeline: training, on: ['drift'], labels: { dataset: examples, column: 'label', minimum: 1000 } } }`,
    },
    endpoints: { [gated]: `{ model: 'texts@champion', environment: 'production', gates: [{ metric: 'accuracy', atLeast: 0.5 }] }` },
  });
  await applyProject(client, folder);
  // Experiments are numbered, and small numbers are guessed: let these be what a guess removes.
  for (let i = 0; i < 100; i++) await client.experiments.create({ params, body: { name: `one of many ${i}` } });
  const version = await addExamples(client, examples(40));
  const pipelineRun = await runPipeline(client, 'training');
  if (pipelineRun.status !== 'succeeded') throw new Error(JSON.stringify(pipelineRun.steps.map(({ failure }) => failure)));
  const modelVersion = requirePackage(await client.models.versions.get({ params: { ...params, model, number: 1 } }));
  const deployment = await client.endpoints.deploy({ params: { ...params, endpoint }, body: {} });
  if (deployment.status !== 'ready') throw new Error(`The deployment is ${deployment.status}: ${deployment.message}`);
  const answer = await fetch(`${address}/v2/models/${endpoint}/infer`, {
    method: 'POST',
    headers: { 'boucle-project': project },
    body: JSON.stringify({ inputs: [{ name: 'text', shape: [1], datatype: 'BYTES', data: ['flight 7 was late'] }] }),
  });
  const predictionId = `${answer.headers.get('x-boucle-request-id')}.0`;
  const { id: experimentId } = await client.experiments.create({ params, body: { name: 'kept' } });
  const { id: runId } = await client.runs.create({ params, body: { name: 'open', experiment: 'kept' } });
  const { id: deletedRunId, experimentId: deletedExperimentId } = await client.runs.create({ params, body: { experiment: 'left' } });
  await client.experiments.remove({ params: { ...params, experimentId: deletedExperimentId } });
  const run = { ...params, runId };
  await client.runs.log({ params: run, body: { metrics: [{ key: 'loss', value: 0.5 }] } });
  await client.runs.artifacts.put({ params: run, query: { path: 'notes/a.txt' }, data: '0123456789' });
  const { id: reproductionId } = await untilEnded(client, (await client.runs.reproduce(trained(modelVersion.runId!))).pipelineRunId);
  const windowId = await closeWindow(client, endpoint);
  const { id: alertId } = await raiseAlert(client, address, endpoint);
  const { id: manifestId, manifest } = await client.manifests.current({ params });
  const { name: administrator } = await client.users.create({ body: { name: 'ada', password: 'a password of hers' } });
  return {
    version,
    pipelineRun,
    stepRunId: pipelineRun.steps[1]!.id,
    modelVersion,
    trainedRunId: modelVersion.runId!,
    deployment,
    predictionId,
    windowId,
    /** It fires until the stage is struck. */
    alertId,
    /** A run that goes on. */
    runId,
    experimentId,
    /** In an experiment that is deleted. */
    deletedRunId,
    deletedExperimentId,
    reproductionId,
    manifestId,
    manifest,
    administrator,
  };
};
const trained = (runId: string) => ({ params: { project, runId } });

const untilEnded = async (client: Client, pipelineRunId: string) => {
  for (;;) {
    const run = await client.pipelineRuns.get({ params: { project, pipelineRunId } });
    if (run.status !== 'running') return run;
    await sleep(20);
  }
};

/** A server on which everything has happened once. */
export const openStage = async (database: keyof typeof databases = 'sqlite') => {
  const folder = await mkdtemp(path.join(tmpdir(), 'boucle-contract-'));
  const { url, stop } = await databases[database]();
  const server = await openServer(folder, url);
  const client = createClient({ baseUrl: server.address });
  const facts = await live(client, server.address, path.join(folder, 'project'));

  const { blobs } = server.platform;
  const fileOf = (digest: string) => path.join(server.platform.folder('blobs'), digest.slice(5, 7), digest.slice(7));
  const upload = async (bytes: Buffer | string): Promise<BlobDigest> => {
    const { digest } = await blobs.putBytes(bytes);
    await client.blobs.put({ params: { project, digest }, data: bytes });
    return digest;
  };
  const stage = {
    ...server,
    ...facts,
    client,
    blobs,
    untilEnded: (pipelineRunId: string) => untilEnded(client, pipelineRunId),
    /** An alert that is over. */
    endAlert: () => endAlert(client, server.address, endpoint),
    upload,
    /** A folder that holds what is uploaded already. */
    uploadTree: async (entries: Parameters<typeof treeListing>[0]): Promise<TreeDigest> =>
      treeDigest(hexOf(await upload(treeListing(entries)))),
    /** Something that waits for people to agree. */
    askApproval: async ({ needed = 1, authors = [] }: { needed?: number; authors?: string[] } = {}): Promise<string> => {
      const { db } = server.platform;
      const actor = { id: 'system', permissions: 'all' as const, project: await server.modules.projects.resolve(project) };
      const subject = { type: 'rollout', id: `asked-${++asked}` };
      const question = { actor, subject, needed, authors, fourEyes: true, message: 'May it go to everybody?' };
      return (await db.write((tx) => server.modules.approvals.ask(tx, question))).id;
    },
    /** Takes the bytes of a blob away, as a broken disk would. */
    lose: (digest: string) => rm(fileOf(digest)),
    /** Leaves other bytes in their place. */
    damage: (digest: string) => writeFile(fileOf(digest), 'worn out'),
    close: async (): Promise<void> => {
      await server.close();
      await stop();
      await rm(folder, { recursive: true });
    },
  };
  /** A rollout that gathers evidence. */
  const { id: rolloutId } = await startRouted(stage);
  return { ...stage, rolloutId };
};
export type Stage = Awaited<ReturnType<typeof openStage>>;
