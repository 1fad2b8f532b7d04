import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BlobDigest, PipelineRun } from '@boucle/contract';
import { initProject, makeManifest } from '@boucle/project/bundle';
import type { Client } from '@boucle/sdk';

export const project = 'life';
const params = { project };

/** A project of labelled texts that trains and registers the model `texts`; steps and pipelines of a test's own come beside that. */
export const writeProject = async (folder: string, more: More = {}): Promise<void> => {
  await initProject(folder, { name: project });
  await editProject(folder, { 'boucle.config.ts': configOf(more), ...more.files });
};

interface More {
  readonly imports?: string;
  /** What stands after the name in `defineDataset` and the like. */
  readonly datasets?: Readonly<Record<string, string>>;
  readonly pipelines?: Readonly<Record<string, string>>;
  readonly endpoints?: Readonly<Record<string, string>>;
  readonly monitors?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}
export const configOf = ({ imports = '', datasets = {}, pipelines = {}, endpoints = {}, monitors = {} }: More): string => `
import { Type, defineDataset, defineEndpoint, defineMonitor, definePipeline, defineProject, evaluate, register, split, trainText, validate, withDefault } from '@boucle/project';
${imports}
const examples = defineDataset('examples', {
  source: 'data.csv',
  columns: { text: Type.String(), label: Type.Enum(['bad', 'good']) },
});
const training = definePipeline('training', { inputs: { examples }, params: { seed: withDefault(Type.Integer(), 7) } }, ({ examples, seed }) => {
  const { train, validation, test } = split({ data: examples, stratify: 'label', seed });
  const { model } = trainText({ train, validation, approach: 'logistic-regression', seed }, { name: 'train' });
  const { report, predictions } = evaluate({ model, data: test });
  const { version } = register({ model, report, predictions, name: 'texts', alias: 'champion' });
  return { version };
});
${defined('defineDataset', datasets)}
${defined('definePipeline', pipelines)}
${defined('defineEndpoint', endpoints)}
const texts = defineEndpoint('texts', { model: 'texts@champion', environment: 'production' });
${defined('defineMonitor', monitors)}
export default defineProject('${project}', {
  problem: 'To live through everything', owners: [], risk: 'minimal', kpis: {}, datasets: [${['examples', ...Object.keys(datasets)].join(', ')}],
  pipelines: [${['training', ...Object.keys(pipelines)].join(', ')}],
  endpoints: [texts${Object.keys(endpoints)
    .map((name) => `, ${name}`)
    .join('')}], monitors: [${Object.keys(monitors).join(', ')}],
});
`;

const defined = (define: string, all: Readonly<Record<string, string>>): string =>
  Object.entries(all)
    .map(([name, about]) => `const ${name} = ${define}('${name}', ${about});`)
    .join('\n');

export const editProject = async (folder: string, files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), content);
  }
};

/** As `boucle apply`. */
export const applyProject = async (client: Client, folder: string): Promise<void> => {
  const { manifest, files } = await makeManifest(folder);
  const { items } = await client.projects.list({ query: {} });
  if (!items.some(({ name }) => name === project)) await client.projects.create({ body: { name: project } });
  const { missing } = await client.blobs.missing({ params, body: { digests: [...files.keys()] } });
  for (const digest of missing as BlobDigest[]) {
    const bytes = await files.get(digest)!.open().toArray();
    await client.blobs.put({ params: { project, digest }, data: Buffer.concat(bytes as Buffer[]) });
  }
  await client.manifests.apply({ params, body: { manifest } });
};

const words = { bad: ['late', 'lost', 'rude', 'broken', 'never'], good: ['great', 'thanks', 'kind', 'smooth', 'early'] };
/** Labelled texts that a model learns in a moment, no two alike. */
export const examples = (count: number, from = 0): string =>
  `text,label\n${Array.from({ length: count }, (_, i) => {
    const label = i % 2 === 0 ? 'bad' : 'good';
    const [first, second] = [words[label][i % 5], words[label][Math.floor(i / 5) % 5]];
    return `flight ${from + i} was ${first} and ${second},${label}\n`;
  }).join('')}`;

export const addExamples = async (client: Client, csv: string) =>
  (await client.datasets.versions.create({ params: { project, dataset: 'examples' }, query: {}, data: csv })).version;

export const startPipeline = (client: Client, pipeline: string, body: Parameters<Client['pipelines']['run']>[0]['body'] = {}) =>
  client.pipelines.run({ params: { project, pipeline }, body });

export const getPipelineRun = (client: Client, pipelineRunId: string): Promise<PipelineRun> =>
  client.pipelineRuns.get({ params: { project, pipelineRunId } });

export const endOf = async (client: Client, { id }: Pick<PipelineRun, 'id'>): Promise<PipelineRun> => {
  for (;;) {
    const run = await getPipelineRun(client, id);
    if (run.status !== 'running') return run;
    await sleep(25);
  }
};

export const runPipeline = async (client: Client, ...run: [pipeline: string, body?: Parameters<typeof startPipeline>[2]]) =>
  endOf(client, await startPipeline(client, ...run));
