import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DatasetVersion, Deployment, ModelVersion } from '@boucle/contract';
import { initProject, makeManifest } from '@boucle/project/bundle';
import type { Client } from '@boucle/sdk';
import { applyProject, previewProject } from '../../packages/cli/src/apply-project.ts';
import { makeTweets, toCsv } from './tweets.ts';

export interface Trained {
  readonly project: string;
  readonly endpoint: string;
  /** The file that was ingested. */
  readonly csv: string;
  readonly dataset: DatasetVersion;
  readonly model: ModelVersion;
  readonly deployment: Deployment;
}

/** The shortest way to an endpoint that answers: a new project in an empty folder, made-up tweets, a pipeline run, a deployment. */
export const trainOnTweets = async (
  client: Client,
  { folder, name = 'tweets', count = 2000, seed = 7 }: { folder: string; name?: string; count?: number; seed?: number },
): Promise<Trained> => {
  const csv = toCsv(makeTweets({ seed, count }));
  const source = 'tweets.csv';
  await initProject(folder, { name, dataset: 'tweets', source, text: 'text', label: 'sentiment', key: 'tweet_id', positive: 'negative' });
  await writeFile(path.join(folder, source), csv);
  const bundled = await makeManifest(folder);
  await applyProject(client, bundled, await previewProject(client, bundled));
  const params = { project: name };
  const { version: dataset } = await client.datasets.versions.create({ params: { ...params, dataset: 'tweets' }, query: {}, data: csv });
  let run = await client.pipelines.run({ params: { ...params, pipeline: 'training' }, body: {} });
  while (run.status === 'running') {
    await pause(100);
    run = await client.pipelineRuns.get({ params: { ...params, pipelineRunId: run.id } });
  }
  const failed = run.steps.find(({ status }) => status === 'failed');
  if (run.status !== 'succeeded') throw new Error(`The pipeline run ${run.status}: ${failed?.step}: ${failed?.failure?.message}`);

  const deployment = await client.endpoints.deploy({ params: { ...params, endpoint: name }, body: {} });
  if (deployment.status !== 'ready') throw new Error(`The deployment is ${deployment.status}: ${deployment.message}`);
  const model = await client.models.versions.get({ params: { ...params, model: name, number: deployment.variants[0]!.version } });
  return { project: name, endpoint: name, csv, dataset, model, deployment };
};
