import { constants, existsSync } from 'node:fs';
import { access, rm, statfs, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { AppError } from '@boucle/contract';
import { createBlobs } from '../platform/blobs/index.ts';
import type { Config } from '../platform/config/index.ts';
import { openDb } from '../platform/index.ts';
import { ownerOf } from '../platform/lock/index.ts';

export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'broken';
  readonly message: string;
  /** What to do about it. */
  readonly mend?: string;
}
type Said = Omit<Finding, 'check'>;
const ok = (message: string): Said => ({ state: 'ok', message });
const warning = (message: string, mend: string): Said => ({ state: 'warning', message, mend });
const broken = (message: string, mend: string): Said => ({ state: 'broken', message, mend });
const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Looks at everything a server needs before it starts, or while it runs; changes nothing. Each look is for itself. */
export const diagnose = async (config: Config): Promise<Finding[]> => {
  const data = path.resolve(config.data);
  const owner = await Promise.resolve(existsSync(data) ? ownerOf(data) : undefined).catch(() => undefined); // no folder yet, so no owner
  const known = owner === 'unknown' ? undefined : owner;
  const checks: Readonly<Record<string, () => Promise<Said>>> = {
    node: async () => {
      const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
      return major > 24 || (major === 24 && minor >= 15)
        ? ok(`Node ${process.versions.node}`)
        : broken(`Node ${process.versions.node} is too old`, 'Use Node 24.15 or later; npm scripts of this checkout bring it');
    },
    'data directory': async () => {
      if (!existsSync(data)) return ok(`${data} is not there yet; a first start makes it`);
      await access(data, constants.W_OK | constants.R_OK);
      const probe = path.join(data, `.probe-${process.pid}`);
      await writeFile(probe, 'x');
      await rm(probe);
      return ok(`${data} can be written`);
    },
    'free space': async () => {
      const { bavail, bsize } = await statfs(nearestFolder(data));
      const gib = (bavail * bsize) / 2 ** 30;
      return gib < 1
        ? warning(`${gib.toFixed(2)} GiB are free below ${data}`, 'Make room, or move the data directory: --data')
        : ok(`${gib.toFixed(0)} GiB are free`);
    },
    'owner of the data': async () => {
      if (!owner) return ok('Nobody uses it');
      return ok(
        known
          ? `In use by process ${known.pid} on ${known.host}${known.address ? `, at ${known.address}` : ''}`
          : 'In use by another process',
      );
    },
    database: async () => {
      if (owner && config.database === undefined) return ok('Open in the process that owns the data; not looked at from here');
      if (config.database === undefined && !existsSync(path.join(data, 'boucle.sqlite')))
        return ok('Not there yet; a first start makes it');
      const db = await openDb(config.database ?? `sqlite:${path.join(data, 'boucle.sqlite')}`);
      await db.close();
      return ok(
        config.database === undefined ? 'SQLite opens and is of this release' : 'The configured database answers and is of this release',
      );
    },
    blobs: async () => {
      if (owner) return ok('Open in the process that owns the data; not looked at from here');
      if (!existsSync(path.join(data, 'blobs'))) return ok('None yet');
      const blobs = await createBlobs(path.join(data, 'blobs'));
      const damaged: string[] = [];
      let count = 0;
      for await (const digest of blobs.digests()) {
        if (count++ < 2000 && !(await blobs.verify(digest))) damaged.push(digest);
      }
      if (damaged.length > 0)
        return broken(
          `${damaged.length} blobs are damaged: ${damaged.slice(0, 3).join(', ')}`,
          'Restore them from a backup, or send their content again: a put mends them',
        );
      return ok(count > 2000 ? `${count} blobs, the first 2,000 checked` : `${count} blobs, all checked`);
    },
    port: async () => {
      if (config.port === 0) return ok('A free one will be taken');
      const free = await isFree(config.host, config.port);
      if (free === true) return ok(`${config.host}:${config.port} is free`);
      if (known?.address?.endsWith(`:${config.port}`)) return ok(`${config.host}:${config.port} is where this data's server answers`);
      return broken(`${config.host}:${config.port} cannot be listened at (${free})`, 'Stop what listens there, or choose another: --port');
    },
    page: async () => {
      try {
        await access(path.join(import.meta.dirname, '../../../web/dist/index.html'));
        return ok('The web page is built');
      } catch {
        return warning('The web page is not built', 'npm run build -w packages/web');
      }
    },
  };
  return Promise.all(
    Object.entries(checks).map(async ([check, look]): Promise<Finding> => {
      try {
        return { check, ...(await look()) };
      } catch (error) {
        if (error instanceof AppError) return { check, state: 'broken', message: error.message };
        return {
          check,
          ...broken(textOf(error), 'Make the data directory readable and writable for this user, or choose another: --data'),
        };
      }
    }),
  );
};

const nearestFolder = (folder: string): string => (existsSync(folder) ? folder : nearestFolder(path.dirname(folder)));

const isFree = (host: string, port: number): Promise<true | string> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
