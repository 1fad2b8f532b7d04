import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { AppError } from '@boucle/contract';
import type { FastifyInstance } from 'fastify';
import { createCallerOf } from '../http/index.ts';
import { assemble } from './assemble.ts';
import type { Config } from '../platform/config/index.ts';
import type { Clock } from '../platform/index.ts';
import { createModules, type Modules } from './create-modules.ts';
import { openPlatform, type Platform } from './open-platform.ts';

export interface ServerOptions {
  readonly clock?: Clock;
  /** Takes finished lines of the log; standard error where nothing is said. */
  readonly writeLog?: (line: string) => void;
  /** The built page; that of this checkout where nothing is said. */
  readonly web?: string;
}
export interface Server {
  readonly address: string;
  readonly app: FastifyInstance;
  readonly platform: Platform;
  readonly modules: Modules;
  close(): Promise<void>;
}

const builtPage = path.join(import.meta.dirname, '../../../web/dist');
const loopback = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

/** Starts the whole server in this process, and answers once it listens. */
export const startServer = async (
  config: Config,
  { clock, writeLog = (line) => process.stderr.write(line), web = builtPage }: ServerOptions = {},
): Promise<Server> => {
  if (!loopback.test(config.host) && config.adminToken === undefined) {
    throw new AppError(
      'failed_precondition',
      `Listening at ${config.host} lets others in: set an adminToken (BOUCLE_ADMIN_TOKEN) first, or stay at 127.0.0.1`,
      { reason: 'admin_token_missing' },
    );
  }
  const platform = await openPlatform(config, { clock, writeLog });
  const closers: (() => Promise<void>)[] = [platform.close];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0)) await closer();
  };
  try {
    const modules = await createModules(platform);
    closers.unshift(modules.close);
    await refuseIfNobodyGetsIn(config, modules);
    await modules.start();
    const app = assemble({
      platform,
      modules,
      callerOf: createCallerOf({ adminToken: config.adminToken, identity: modules.whoMay.identity }),
      ...(existsSync(web) && { web }),
    });
    closers.unshift(() => app.close());
    const address = await listen(app, config);
    platform.lock.announce(address);
    modules.announce(fromHere(address));
    platform.log.info('listening', { address, data: config.data, pid: process.pid });
    return { address, app, platform, modules, close };
  } catch (error) {
    await close();
    throw error;
  }
};

const refuseIfNobodyGetsIn = async ({ auth, adminToken }: Config, { whoMay }: Modules): Promise<void> => {
  if (!auth || adminToken !== undefined || (await whoMay.users.list({ limit: 1 })).items.length > 0) return;
  throw new AppError(
    'failed_precondition',
    'With auth nobody gets in yet: set an adminToken (BOUCLE_ADMIN_TOKEN), and make a user with it',
    {
      reason: 'admin_token_missing',
    },
  );
};

/** A server that listens everywhere is nearest at the loopback. */
const fromHere = (address: string): string => address.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');

const listen = async (app: FastifyInstance, { host, port }: Config): Promise<string> => {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const { code } = cause as { code?: string };
    if (code === 'EADDRINUSE')
      throw new AppError(
        'conflict',
        `Port ${port} at ${host} is in use: stop what listens there, or choose another with --port (0 takes a free one)`,
        { reason: 'port_in_use', cause },
      );
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
      throw new AppError('failed_precondition', `This process cannot listen at ${host}:${port} (${code})`, {
        reason: 'cannot_listen',
        cause,
      });
    throw cause;
  }
  const { port: taken, family, address } = app.server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`;
};
