import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Deployment } from '@boucle/contract';
import { type Client, createClient } from '@boucle/sdk';
import { type Trained, trainOnTweets } from '../../examples/sentiment/train-on-tweets.ts';
import { makeTweets } from '../../examples/sentiment/tweets.ts';
import type { Connection } from './connection.ts';
import { jsonOf } from './connection.ts';

/** Trains a model of tweets on a running server. */
export const trainOn = async (url: string, folder: string): Promise<Trained & { readonly client: Client }> => {
  const client = createClient({ baseUrl: url });
  const project = path.join(folder, 'project');
  await mkdir(project);
  return { client, ...(await trainOnTweets(client, { folder: project, count: 6000 })) };
};

/** The same model at another endpoint, with another level of logging. */
export const deployAs = async (
  { client, project, model }: Trained & { readonly client: Client },
  { endpoint, log }: { endpoint: string; log: Deployment['log'] },
): Promise<void> => {
  const { status, message } = await client.endpoints.deploy({
    params: { project, endpoint },
    body: { model: `${model.model}/${model.number}`, log },
  });
  if (status !== 'ready') throw new Error(`The deployment is ${status}: ${message}`);
};

/** Texts that the model has not seen. */
export const unseenTexts = [...makeTweets({ seed: 8, count: 500 })].map(({ text }) => text);

/** Asks for the prediction of one row, another text each time. */
export const askForOne =
  (endpoint: string) =>
  async (connection: Connection, turn: number): Promise<void> => {
    const data = [unseenTexts[turn % unseenTexts.length]];
    jsonOf(
      await connection.ask('POST', `/v2/models/${endpoint}/infer`, { inputs: [{ name: 'text', shape: [1], datatype: 'BYTES', data }] }),
    );
  };
