import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetVersion } from '@boucle/contract';
import type { Client } from '@boucle/sdk';
import { downloadPackage } from '../examples/sentiment/download-package.ts';
import { type Trained, trainOnTweets } from '../examples/sentiment/train-on-tweets.ts';
import { layOutOnnx } from './lay-out-onnx.ts';

const texts = [
  'my bag is lost',
  'great crew, thank you!',
  'the gate "changed" again\n— naïve of me ✈️',
  '@skyhop when does boarding begin?',
];

interface Place {
  readonly url: string;
  /** A server that asks who everybody is. */
  readonly guarded: { readonly url: string; readonly token: string };
  readonly folder: string;
}
/** Trains a model, and writes down what foreign programs are to find: the address, files, and answers over our own HTTP. Answers with the file's path. */
export const layOutFacts = async (client: Client, { url, guarded, folder }: Place): Promise<string> => {
  const project = path.join(folder, 'project');
  await mkdir(project);
  const trained = await trainOnTweets(client, { folder: project });
  const facts = {
    url,
    guarded,
    endpoint: trained.endpoint,
    version: String(trained.model.number),
    texts,
    expected: await askOurWay(url, trained),
    package: await downloadPackage(client, trained.model, path.join(folder, 'package')),
    onnx: await layOutOnnx(folder),
    datasets: [
      await layOutDataset(client, {
        version: trained.dataset,
        csv: Buffer.from(trained.csv),
        folder,
        from: { id: 'tweet_id', label: 'sentiment' },
      }),
      await ingestEveryKind(client, trained.project, folder),
    ],
  };
  const file = path.join(folder, 'facts.json');
  await writeFile(file, JSON.stringify(facts));
  return file;
};

const askOurWay = async (url: string, { endpoint, project }: Trained): Promise<Record<string, unknown[]>> => {
  const response = await fetch(`${url}/v2/models/${endpoint}/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'boucle-project': project },
    body: JSON.stringify({ inputs: [{ name: 'text', shape: [texts.length], datatype: 'BYTES', data: texts }] }),
  });
  const answer = (await response.json()) as { outputs: { name: string; data: unknown[] }[] };
  return Object.fromEntries(answer.outputs.map(({ name, data }) => [name, data]));
};

const ingestEveryKind = async (client: Client, project: string, folder: string) => {
  const csv = await readFile(path.join(import.meta.dirname, 'every-kind.csv'));
  const { version } = await client.datasets.versions.create({ params: { project, dataset: 'every-kind' }, query: {}, data: csv });
  return layOutDataset(client, { version, csv, folder });
};

interface LaidOut {
  readonly version: DatasetVersion;
  readonly csv: Buffer<ArrayBuffer>;
  readonly folder: string;
  /** Where a column has another name in the file. */
  readonly from?: Readonly<Record<string, string>>;
}
const layOutDataset = async (client: Client, { version, csv, folder, from = {} }: LaidOut) => {
  const { project, dataset: name, number } = version;
  const files = { csv: path.join(folder, `${name}.csv`), parquet: path.join(folder, `${name}.parquet`) };
  await writeFile(files.csv, csv);
  await writeFile(files.parquet, await (await client.datasets.versions.file({ params: { project, dataset: name, number } })).bytes());
  return { name, version, from, ...files };
};
