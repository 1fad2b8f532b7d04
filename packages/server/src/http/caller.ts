import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '@boucle/contract';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../governance/index.ts';

export type Caller = Pick<Actor, 'id' | 'permissions'>;

const loopback = /^(127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/;
const localHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;
const forwardedBy = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'];
const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Who asks. A token says so; without one a caller on this machine is its owner, as long as it is not a web page of
 * somebody else's (Host and Origin are checked: DNS rebinding, cross-site requests) and nobody forwarded it.
 */
export const callerOf = (request: FastifyRequest, adminToken: string | undefined): Caller => {
  const { authorization, host = '', origin } = request.headers;
  if (authorization !== undefined) {
    const token = /^Bearer (.+)$/i.exec(authorization)?.[1];
    if (token && adminToken && timingSafeEqual(sha256(token), sha256(adminToken))) return { id: 'admin', permissions: 'all' };
    throw new AppError('unauthenticated', 'This token is not known here: check it, or leave it out on the machine of the server', {
      reason: 'unknown_token',
    });
  }
  // Of a connection that is gone already nobody knows where it came from.
  if (!loopback.test(request.socket.remoteAddress ?? '') || forwardedBy.some((name) => request.headers[name] !== undefined)) {
    throw new AppError('unauthenticated', 'Send the admin token: Authorization: Bearer …', { reason: 'token_missing' });
  }
  if (!localHost.test(host))
    throw new AppError('permission_denied', `The Host header says ${host}: without a token only localhost is answered`, {
      reason: 'foreign_host',
    });
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new AppError('permission_denied', `A page of ${origin} may not ask here without a token`, { reason: 'foreign_origin' });
  }
  return { id: 'owner', permissions: 'all' };
};
