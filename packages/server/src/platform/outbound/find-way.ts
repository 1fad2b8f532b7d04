import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { AppError } from '@boucle/contract';
import { isPublic } from './addresses.ts';
import { type AllowedCall, isAllowed, plainHost } from './allowed-calls.ts';

/** Where a host may be reached: looked up once, and a connection goes to one of these and nowhere else. */
export interface Way {
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly LookupAddress[];
}
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;
export const askDns: Resolve = (host) => lookup(host, { all: true });

interface Parts {
  readonly allowed: readonly AllowedCall[];
  readonly resolve: Resolve;
  readonly connectMs: number;
}

/** Refuses a host of which any address is not public, unless the server's settings list it. */
export const findWay = async (host: string, port: number, { allowed, resolve, connectMs }: Parts): Promise<Way> => {
  const plain = plainHost(host);
  const family = isIP(plain);
  const addresses = family > 0 ? [{ address: plain, family }] : await within(resolve(plain), connectMs, plain);
  if (addresses.length === 0) throw unknownHost(plain);
  if (!isAllowed(allowed, plain, port) && !addresses.every(({ address }) => isPublic(address))) {
    throw new AppError(
      'failed_precondition',
      `${plain}:${port} leads into this machine's own network, where calls are refused: if that is meant, start the server with --allow-calls ${plain}:${port}`,
      { reason: 'address_not_allowed', details: { host: plain, port } },
    );
  }
  return { host: plain, port, addresses };
};

const within = async (looking: Promise<readonly LookupAddress[]>, ms: number, host: string): Promise<readonly LookupAddress[]> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(unknownHost(host, `no answer within ${ms / 1000} s`)), ms);
  try {
    return await Promise.race([looking, late.promise]);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw unknownHost(host, (cause as { code?: string }).code);
  } finally {
    clearTimeout(timer);
  }
};
const unknownHost = (host: string, why = 'no address'): AppError =>
  new AppError('unavailable', `The name ${host} could not be looked up (${why}): check it, and this machine's DNS`, {
    reason: 'host_not_found',
    details: { host },
  });
