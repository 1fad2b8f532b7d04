import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '@boucle/contract';
import type { FastifyRequest } from 'fastify';
import type { Caller, Identity } from '../governance/index.ts';

export type CallerOf = (request: FastifyRequest) => Promise<Caller>;

interface Parts {
  readonly adminToken: string | undefined;
  readonly identity: Identity;
}

const loopback = /^(127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/;
const localHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;
const forwardedBy = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'];
const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Who asks. A token or a name with its password says so. Without them a caller on this machine is its owner, as long as the
 * server has no users, it is not a web page of somebody else's (Host and Origin are checked: DNS rebinding, cross-site
 * requests) and nobody forwarded it.
 */
export const createCallerOf =
  ({ adminToken, identity }: Parts): CallerOf =>
  async (request) => {
    const { authorization, host = '', origin } = request.headers;
    if (authorization !== undefined) {
      const [, scheme = '', given = ''] = /^(Bearer|Basic) (.+)$/i.exec(authorization) ?? [];
      if (scheme.toLowerCase() === 'basic') return byPassword(identity, given, request);
      const isAdmin = given !== '' && adminToken !== undefined && timingSafeEqual(sha256(given), sha256(adminToken));
      if (isAdmin) return { id: 'admin', permissions: 'all' };
      const caller = given === '' ? undefined : await identity.byToken(given);
      if (caller) return caller;
      throw new AppError('unauthenticated', 'This token is not known here: check it, or leave it out on the machine of the server', {
        reason: 'unknown_token',
      });
    }
    // Of a connection that is gone already nobody knows where it came from.
    const isElsewhere =
      !loopback.test(request.socket.remoteAddress ?? '') || forwardedBy.some((name) => request.headers[name] !== undefined);
    if (isElsewhere || (await identity.asksEverybody())) {
      throw new AppError('unauthenticated', 'Send a token (Authorization: Bearer …), or a name and password (Basic)', {
        reason: 'token_missing',
      });
    }
    if (!localHost.test(host))
      throw new AppError('permission_denied', `The Host header says ${host}: without a token only localhost is answered`, {
        reason: 'foreign_host',
      });
    if (origin !== undefined && origin !== `http://${host}`) throw foreignOrigin(origin);
    return { id: 'owner', permissions: 'all' };
  };

/** A browser sends a password along for pages of others, too: those are refused. */
const byPassword = (identity: Identity, encoded: string, { headers: { origin, host = '' } }: FastifyRequest): Promise<Caller> => {
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) throw foreignOrigin(origin);
  const [, name = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  // NUL stands in no name, and Postgres takes none.
  return identity.byPassword(name.replaceAll('\0', ''), password);
};

const foreignOrigin = (origin: string): AppError =>
  new AppError('permission_denied', `A page of ${origin} may not ask here without a token`, { reason: 'foreign_origin' });
