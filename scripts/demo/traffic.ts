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

/** Texts one by one through the Open Inference Protocol, as an inbox would. */
export const sendTexts = async (
  address: string,
  { project, endpoint }: { project: string; endpoint: string },
  texts: readonly Labelled[],
): Promise<Sent[]> => {
  const sent: Sent[] = [];
  for (const { text, label } of texts) {
    const start = performance.now();
    const response = await fetch(`${address}/v2/models/${endpoint}/infer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'boucle-project': project },
      body: JSON.stringify({ inputs: [{ name: 'text', shape: [1], datatype: 'BYTES', data: [text] }] }),
    });
    const answer = (await response.json()) as { error?: string; outputs: { name: string; data: unknown[] }[] };
    if (!response.ok) throw new Error(`The endpoint answered ${response.status}: ${answer.error}`);
    const predicted = String(answer.outputs.find(({ name }) => name === 'label')!.data[0]);
    sent.push({ predictionId: `${response.headers.get('x-request-id')}.0`, label, predicted, milliseconds: performance.now() - start });
  }
  return sent;
};

/** People say of some predictions what was true. */
export const giveFeedback = async (client: Client, project: string, sent: readonly Sent[]): Promise<number> => {
  const items = sent.map(({ predictionId, label }) => ({ predictionId, label }));
  const answer = await client.feedback.give({ params: { project }, body: { items } });
  return answer.items.filter(({ result }) => result === 'recorded').length;
};
