import type { PackageKind } from '@boucle/models';
import { AppError } from '@boucle/contract';
import type { Outbound } from '../../platform/outbound/index.ts';
import type { InferenceHost } from '../inference-host.ts';
import { notExplainable } from '../not-explainable.ts';
import { protocolOf } from './protocols.ts';
import { createServiceClient, type Send } from './service-client.ts';

/** A model that somebody else runs, behind the guard of all calls that leave the server. */
export const openUrlHost = async (
  found: Extract<PackageKind, { kind: 'service' }>,
  url: string,
  outbound: Outbound,
): Promise<InferenceHost> => {
  const send: Send = async (path, body) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const { status, body: answer } = await outbound.call({
      url: `${url}${path}`,
      method: body === undefined ? 'GET' : 'POST',
      headers,
      ...(body !== undefined && { body }),
    });
    return { status, text: answer.toString() };
  };
  const { readyPath } = protocolOf(found.service);
  const { status } = await send(readyPath);
  if (status !== 200) {
    throw new AppError('unavailable', `The model’s service is not ready: ${url}${readyPath} answered ${status}`, {
      reason: 'service_not_ready',
      details: { retryAfterSeconds: 5 },
    });
  }
  const { facts, predict } = await createServiceClient(found, send);
  const end = Promise.withResolvers<void>();
  return { facts, predict, explain: notExplainable, ended: end.promise, close: async () => end.resolve() };
};
