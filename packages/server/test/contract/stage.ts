import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BlobDigest, hexOf, treeDigest, treeListing, type TreeDigest } from '@boucle/contract';
import { type Client, createClient } from '@boucle/sdk';
import { type Caller, callerOf } from '../../src/http/index.ts';
import { assemble } from '../../src/main/assemble.ts';
import { createModules } from '../../src/main/create-modules.ts';
import { openPlatform, type Platform } from '../../src/main/open-platform.ts';
import { createBlobs } from '../../src/platform/blobs/index.ts';
import { loadConfig } from '../../src/platform/config/index.ts';
import { diskFiles, type Files } from '../../src/platform/files/index.ts';
import { databases } from '../../src/testing/databases.ts';
import { inProcess } from '../../src/testing/in-process.ts';
import { addExamples, applyProject, examples, project, runPipeline, writeProject } from '../life/small-project.ts';

export const maxBody = 1024 * 1024;
export const maxUpload = 2 * 1024 * 1024;
export const token = 'the-admin-token';
export const endpoint = 'texts';
export const model = 'texts';
export { project };

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
  const app = assemble({ platform, modules, callerOf: (request) => door.caller ?? callerOf(request, config.adminToken) });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
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
      const other = assemble({ platform: { ...platform, ...part }, modules, callerOf: () => ({ id: 'owner', permissions: 'all' }) });
      return createClient({ baseUrl: 'http://localhost', fetch: inProcess(other) });
    },
    close,
  };
};

/** What the life of a small project leaves behind: something for each route to speak of. */
const live = async (client: Client, address: string, folder: string) => {
  const params = { project };
  await writeProject(folder);
  await applyProject(client, folder);
  const version = await addExamples(client, examples(40));
  const pipelineRun = await runPipeline(client, 'training');
  if (pipelineRun.status !== 'succeeded') throw new Error(JSON.stringify(pipelineRun.steps.map(({ failure }) => failure)));
  const modelVersion = await client.models.versions.get({ params: { ...params, model, number: 1 } });
  const deployment = await client.endpoints.deploy({ params: { ...params, endpoint }, body: {} });
  if (deployment.status !== 'ready') throw new Error(`The deployment is ${deployment.status}: ${deployment.message}`);
  const answer = await fetch(`${address}/v2/models/${endpoint}/infer`, {
    method: 'POST',
    headers: { 'boucle-project': project },
    body: JSON.stringify({ inputs: [{ name: 'text', shape: [1], datatype: 'BYTES', data: ['flight 7 was late'] }] }),
  });
  const predictionId = `${answer.headers.get('x-boucle-request-id')}.0`;
  const { id: runId } = await client.runs.create({ params, body: { name: 'open' } });
  const run = { ...params, runId };
  await client.runs.log({ params: run, body: { metrics: [{ key: 'loss', value: 0.5 }] } });
  await client.runs.artifacts.put({ params: run, query: { path: 'notes/a.txt' }, data: '0123456789' });
  const { id: reproductionId } = await untilEnded(client, (await client.runs.reproduce(trained(modelVersion.runId!))).pipelineRunId);
  const { id: manifestId, manifest } = await client.manifests.current({ params });
  return {
    version,
    pipelineRun,
    stepRunId: pipelineRun.steps[1]!.id,
    modelVersion,
    trainedRunId: modelVersion.runId!,
    deployment,
    predictionId,
    /** A run that goes on. */
    runId,
    reproductionId,
    manifestId,
    manifest,
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
  return {
    ...server,
    ...facts,
    client,
    blobs,
    untilEnded: (pipelineRunId: string) => untilEnded(client, pipelineRunId),
    upload,
    /** A folder that holds what is uploaded already. */
    uploadTree: async (entries: Parameters<typeof treeListing>[0]): Promise<TreeDigest> =>
      treeDigest(hexOf(await upload(treeListing(entries)))),
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
};
export type Stage = Awaited<ReturnType<typeof openStage>>;
