import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, createClient } from '@boucle/sdk';
import { makeTweets } from './tweets.ts';

/**
 * An inbox of made-up tweets in which an hour is played in ten seconds: three calm hours, then a strike that goes on until a rollout has
 * ended, whose hours do not wait for the clock. Run it in a project's folder, for texts are cleaned by the project's own step: node …/examples/sentiment/inbox.ts mood
 */
interface Hour {
  readonly era: 'calm' | 'strike';
  readonly number: number;
  readonly texts: number;
}
const [calmHours, mostHours] = [3, 60];
const [calmTexts, strikeTexts] = [60, 250];
const hourMs = 10_000;
/** Of the answers, how many somebody labels within the hour. */
const labelled = 0.8;
const senders = 8;

const inbox = async (name: string): Promise<void> => {
  const address = process.env['BOUCLE_URL'] ?? 'http://127.0.0.1:5050';
  const client = createClient({ baseUrl: address, token: process.env['BOUCLE_TOKEN'] });
  const { bare } = (await import(path.resolve('steps/clean.ts'))) as { bare: (text: string) => string };

  for (let number = 1; number < mostHours; number++) {
    const era = number <= calmHours ? 'calm' : 'strike';
    const hour: Hour = { era, number, texts: era === 'calm' ? calmTexts : strikeTexts };
    if (!(await rolloutNow(client, name))) await pause(hourMs - (Date.now() % hourMs));
    const right = await goThrough(hour, { client, address, name, bare });
    const rollout = await rolloutNow(client, name);
    console.log(
      [
        `hour ${String(number).padStart(2)}, ${era.padEnd(6)}: ${hour.texts} texts, ${Math.round(100 * right)} % of the answers right`,
        ...(rollout ? [`rollout ${rollout.number} ${rollout.status === 'running' ? `in ${rollout.stage}` : rollout.status}`] : []),
      ].join('; '),
    );
    if (rollout && rollout.status !== 'running') return;
  }
  throw new Error(`No rollout ended within ${mostHours} hours; boucle retrainings list and boucle rollouts list say why`);
};

interface Desk {
  readonly client: Client;
  readonly address: string;
  readonly name: string;
  readonly bare: (text: string) => string;
}
/** Sends the texts of an hour, says of most what was true, and lets the server come along. How many answers were right. */
const goThrough = async ({ era, number, texts }: Hour, { client, address, name, bare }: Desk): Promise<number> => {
  const tweets = [...makeTweets({ seed: 100 + number, count: texts, era })];
  const items: { predictionId: string; label: string }[] = [];
  let [next, right] = [0, 0];
  const send = async (): Promise<void> => {
    for (let i = next++; i < texts; i = next++) {
      const { text, sentiment } = tweets[i]!;
      const truth = sentiment === 'negative' ? 'negative' : 'other';
      const { predictionId, answer } = await ask(address, name, bare(text));
      if (answer === truth) right++;
      if (i < texts * labelled) items.push({ predictionId, label: truth });
    }
  };
  await Promise.all(Array.from({ length: senders }, send));
  await client.feedback.give({ params: { project: name }, body: { items } });
  do await pause(500);
  while (await isTraining(client, name));
  return right / texts;
};

/** One text by the Open Inference Protocol, as an inbox would send it. */
const ask = async (address: string, name: string, text: string) => {
  const token = process.env['BOUCLE_TOKEN'];
  const response = await fetch(`${address}/v2/models/${name}/infer`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'boucle-project': name,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ inputs: [{ name: 'text', shape: [1], datatype: 'BYTES', data: [text] }] }),
  });
  const said = (await response.json()) as { error?: string; outputs: { name: string; data: unknown[] }[] };
  if (!response.ok) throw new Error(`The endpoint answered ${response.status}: ${said.error}`);
  return {
    predictionId: `${response.headers.get('x-request-id')}.0`,
    answer: String(said.outputs.find((output) => output.name === 'label')!.data[0]),
  };
};

const isTraining = async (client: Client, project: string): Promise<boolean> =>
  (await client.pipelineRuns.list({ params: { project }, query: { limit: 1 } })).items.some(({ status }) => status === 'running');
const rolloutNow = async (client: Client, project: string) =>
  (await client.rollouts.list({ params: { project }, query: { endpoint: project, limit: 1 } })).items[0];

await inbox(process.argv[2] ?? 'mood');
