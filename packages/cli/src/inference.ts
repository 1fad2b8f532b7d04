import { invalid, type Problem, type Signature, type TensorSpec } from '@boucle/contract';
import { ApiError } from '@boucle/sdk';
import type { Context } from './context.ts';

export type Row = Readonly<Record<string, unknown>>;
interface Tensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
}
export interface Inferred {
  readonly version: string;
  /** One for each row: what `feedback` and `trace` take. */
  readonly predictionIds: readonly string[];
  readonly rows: readonly Row[];
}
type Asking = Pick<Context, 'io' | 'url' | 'token'> & { readonly project: string; readonly endpoint: string };

/** What the endpoint takes and gives. */
export const readSignature = async (asking: Asking): Promise<Signature> => (await (await ask(asking, '')).json()) as Signature;

/** Asks by the Open Inference Protocol, as any client of any server would. */
export const infer = async (
  asking: Asking,
  { signature, rows, parameters }: { signature: Signature; rows: readonly Row[]; parameters: Row },
): Promise<Inferred> => {
  const body = JSON.stringify({ inputs: signature.inputs.map((spec) => tensorOf(spec, rows)), parameters });
  const response = await ask(asking, '/infer', body);
  const { model_version: version, outputs } = (await response.json()) as { model_version: string; outputs: Tensor[] };
  const requestId = response.headers.get('x-request-id');
  return {
    version,
    predictionIds: rows.map((_, i) => `${requestId}.${i}`),
    rows: rows.map((_, i) => Object.fromEntries(outputs.map((tensor) => [tensor.name, rowOf(tensor, i)]))),
  };
};

const tensorOf = ({ name, datatype, shape }: TensorSpec, rows: readonly Row[]): Tensor => {
  const data = rows.map((row, i) => {
    if (row[name] === undefined)
      throw invalid(
        `Row ${i + 1} has no "${name}", which the endpoint takes; it has ${Object.keys(row).join(', ') || 'nothing'}`,
        'missing_input',
      );
    return row[name];
  });
  const [, ...inner] = shape;
  return { name, datatype, shape: [rows.length, ...inner], data: inner.length > 0 ? data.flat(Infinity) : data };
};

const rowOf = ({ shape, data }: Tensor, i: number): unknown => {
  const size = shape.slice(1).reduce((a, b) => a * b, 1);
  return shape.length > 1 ? data.slice(i * size, (i + 1) * size) : data[i];
};

const ask = async ({ io, url, token, project, endpoint }: Asking, path: string, body?: string): Promise<Response> => {
  const headers = {
    'boucle-project': project,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const address = new URL(`/v2/models/${encodeURIComponent(endpoint)}${path}`, url).href;
  const response = await (io.fetch ?? fetch)(address, {
    method: body === undefined ? 'GET' : 'POST',
    headers,
    ...(body !== undefined && { body }),
  });
  if (!response.ok) throw await refusalOf(response);
  return response;
};

/** This protocol says `{ error }` and a status; the contract's codes are found by the status. */
const refusalOf = async (response: Response): Promise<ApiError> => {
  const text = await response.text();
  const { status, statusText: title } = response;
  const requestId = response.headers.get('x-request-id');
  return new ApiError({
    type: 'about:blank',
    title,
    status,
    detail: messageIn(text) ?? `HTTP ${status}`,
    code: codes[status] ?? (status < 500 ? 'invalid_request' : 'unavailable'),
    details: {},
    ...(requestId !== null && { requestId }),
  });
};
const codes: Readonly<Record<number, Problem['code']>> = {
  401: 'unauthenticated',
  403: 'permission_denied',
  404: 'not_found',
  413: 'too_large',
  429: 'rate_limited',
  500: 'internal',
};
const messageIn = (text: string): string | undefined => {
  try {
    return (JSON.parse(text) as { error?: string }).error;
  } catch {
    // Not from Boucle: a proxy on the way answered.
    return undefined;
  }
};
