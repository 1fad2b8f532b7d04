import type { Client } from '@boucle/sdk';

export interface Labelled {
  readonly text: string;
  readonly label: string;
}
export interface Sent {
  readonly predictionId: string;
  readonly label: string;
  readonly predicted: string;
  readonly milliseconds: number;
}

interface Addressee {
  readonly project: string;
  readonly endpoint: string;
}
/** How many send at the same time. */
const senders = 8;

/** Texts through the Open Inference Protocol, each a request of its own, as an inbox would; in the order given. */
export const sendTexts = async (address: string, to: Addressee, texts: readonly Labelled[]): Promise<Sent[]> => {
  const sent: Sent[] = [];
  let next = 0;
  const send = async (): Promise<void> => {
    for (let i = next++; i < texts.length; i = next++) sent[i] = await sendText(address, to, texts[i]!);
  };
  await Promise.all(Array.from({ length: senders }, send));
  return sent;
};

const sendText = async (address: string, { project, endpoint }: Addressee, { text, label }: Labelled): Promise<Sent> => {
  const start = performance.now();
  const response = await fetch(`${address}/v2/models/${endpoint}/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'boucle-project': project },
    body: JSON.stringify({ inputs: [{ name: 'text', shape: [1], datatype: 'BYTES', data: [text] }] }),
  });
  const answer = (await response.json()) as { error?: string; outputs: { name: string; data: unknown[] }[] };
  if (!response.ok) throw new Error(`The endpoint answered ${response.status}: ${answer.error}`);
  const predicted = String(answer.outputs.find(({ name }) => name === 'label')!.data[0]);
  return { predictionId: `${response.headers.get('x-request-id')}.0`, label, predicted, milliseconds: performance.now() - start };
};

/** People say of some predictions what was true. */
export const giveFeedback = async (client: Client, project: string, sent: readonly Sent[]): Promise<number> => {
  const items = sent.map(({ predictionId, label }) => ({ predictionId, label }));
  const answer = await client.feedback.give({ params: { project }, body: { items } });
  return answer.items.filter(({ result }) => result === 'recorded').length;
};
