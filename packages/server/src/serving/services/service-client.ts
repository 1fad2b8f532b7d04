import { AppError, type Columns, type TensorSpec } from '@boucle/contract';
import { type PackageKind, unservable } from '@boucle/models';
import { agreeing } from '../foreign-outputs.ts';
import type { ModelFacts } from '../inference-host.ts';
import { type Port, portsIn, protocolOf } from './protocols.ts';

/** One request to a service, and what it answered, whatever the status. */
export type Send = (path: string, body?: string) => Promise<{ readonly status: number; readonly text: string }>;

/** Asks a service that is ready what it is, and then for predictions. */
export const createServiceClient = async ({ said, service }: Extract<PackageKind, { kind: 'service' }>, send: Send) => {
  const protocol = protocolOf(service);
  const tell = async (path: string, body?: string): Promise<unknown> => jsonOf(await send(path, body));

  const { metadataPath } = protocol;
  const ports = (metadataPath === undefined ? undefined : portsIn(await tell(metadataPath))) ?? {
    inputs: said.inputs && portsOf(said.inputs),
    outputs: said.outputs && portsOf(said.outputs),
  };
  const { inputs, outputs } = ports;
  if (!inputs || !outputs)
    throw unservable('Neither the service nor MLmodel says what the model takes and gives: write a signature into MLmodel');
  const given = outputs.map(({ spec }) => spec);
  const facts: ModelFacts = { signature: { inputs: inputs.map(({ spec }) => spec), outputs: given }, labels: [], tolerance: 0 };
  return {
    facts,
    predict: async (columns: Columns): Promise<Columns> => {
      const rows = Object.values(columns)[0]?.length ?? 0;
      return agreeing(given, protocol.columnsIn(await tell(protocol.askPath, JSON.stringify(protocol.bodyOf(inputs, columns, rows)))));
    },
  };
};

const portsOf = (specs: readonly TensorSpec[]): Port[] => specs.map((spec) => ({ spec, datatype: spec.datatype }));

const jsonOf = ({ status, text }: { status: number; text: string }): unknown => {
  if (status !== 200) throw refusalOf(status, text);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AppError('internal', 'The answer of the model’s service is not JSON', { reason: 'wrong_outputs', cause });
  }
};
/** What the caller did wrong stays so; what the service did is a fault of the model. */
const refusalOf = (status: number, text: string): AppError => {
  const said = `${status}${text.trim() === '' ? '' : `: ${text.trim().slice(0, 1000)}`}`;
  if (status === 400 || status === 422)
    return new AppError('invalid_request', `The model’s service refused the rows with ${said}`, { reason: 'model_refused' });
  if (status === 429 || status === 503)
    return new AppError('unavailable', `The model’s service is busy, it answered ${said}`, {
      reason: 'model_busy',
      details: { retryAfterSeconds: 1 },
    });
  return new AppError('internal', `The model’s service answered ${said}`, { reason: 'model_failed' });
};
