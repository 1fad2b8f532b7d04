import type { Tensor } from './try-values.ts';

export interface Answered {
  readonly predictionId: string;
  readonly variant: string;
  readonly version: number;
  /** The one row, by output. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly seconds: number;
}
/** What the server says instead of an answer; it is in the log all the same. */
export class Refused extends Error {
  readonly predictionId: string | undefined;
  constructor(message: string, predictionId: string | undefined) {
    super(message);
    this.predictionId = predictionId;
  }
}
interface Body {
  readonly error?: string;
  readonly model_version?: string;
  readonly outputs?: readonly { readonly name: string; readonly shape: readonly number[]; readonly data: readonly unknown[] }[];
}

/** One row, by the protocol that every caller speaks: the contract has no route of its own for it. */
export const infer = async (project: string, endpoint: string, tensors: readonly Tensor[]): Promise<Answered> => {
  const began = performance.now();
  const response = await fetch(`/v2/models/${encodeURIComponent(endpoint)}/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'boucle-project': project },
    body: JSON.stringify({ inputs: tensors }),
  });
  const seconds = (performance.now() - began) / 1000;
  const requestId = response.headers.get('x-boucle-request-id');
  const predictionId = requestId === null ? undefined : `${requestId}.0`;
  const body = (await response.json().catch(() => ({}))) as Body;
  if (!response.ok || predictionId === undefined) throw new Refused(body.error ?? `HTTP ${response.status}`, predictionId);
  const outputs = Object.fromEntries(
    (body.outputs ?? []).map(({ name, shape, data }) => [name, shape.length === 1 ? data[0] : data] as const),
  );
  return { predictionId, variant: response.headers.get('boucle-variant') ?? '', version: Number(body.model_version), outputs, seconds };
};
