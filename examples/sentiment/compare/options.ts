import { statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

export interface CompareOptions {
  /** A file of tweets, or none for made-up ones. */
  readonly data: string | undefined;
  /** How many are made up. */
  readonly rows: number;
  /** A folder, or a name on the hub; without one a small encoder is trained from scratch. */
  readonly checkpoint: string | undefined;
  /** How long latency and throughput are measured. */
  readonly seconds: number;
  readonly out: string;
  readonly port: number;
  readonly fresh: boolean;
  readonly open: boolean;
}

const usage =
  'npm run compare -- [--data FILE] [--rows N] [--checkpoint FOLDER_OR_NAME] [--seconds N] [--out FOLDER] [--port N] [--fresh] [--open]';
const least = { rows: 300, seconds: 0.1 };
/** Said to the user, without a stack. */
export class Usage extends Error {}

export const readOptions = (args: readonly string[]): CompareOptions => {
  const { data, rows, checkpoint, seconds, out, port, ...flags } = parse(args);
  if (data !== undefined && !stat(data)?.isFile()) throw new Usage(`${path.resolve(data)} is ${stat(data) ? 'not a file' : 'not there'}`);
  const folder = checkpoint !== undefined && /^[./]/.test(checkpoint) ? path.resolve(checkpoint) : checkpoint;
  if (folder !== undefined && path.isAbsolute(folder) && !stat(path.join(folder, 'config.json')))
    throw new Usage(`${folder} holds no checkpoint: it has no config.json`);
  if (!/^\d{1,8}$/.test(rows) || Number(rows) < least.rows)
    throw new Usage(`--rows wants a whole number from ${least.rows}, and is ${rows}`);
  if (!/^\d{1,4}(\.\d+)?$/.test(seconds) || Number(seconds) < least.seconds)
    throw new Usage(`--seconds wants a number from ${least.seconds}, and is ${seconds}`);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new Usage(`--port wants a number up to 65535, and is ${port}`);
  return { data, rows: Number(rows), checkpoint: folder, seconds: Number(seconds), out: path.resolve(out), port: Number(port), ...flags };
};

const stat = (file: string) => statSync(file, { throwIfNoEntry: false });

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        rows: { type: 'string', default: '6000' },
        checkpoint: { type: 'string' },
        seconds: { type: 'string', default: '3' },
        out: { type: 'string', default: path.join(import.meta.dirname, '../../../.boucle/compare') },
        port: { type: 'string', default: '0' },
        fresh: { type: 'boolean', default: false },
        open: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new Usage(`${(error as Error).message}\n${usage}`);
  }
};
