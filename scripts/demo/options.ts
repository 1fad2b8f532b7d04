import { statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** The user's own file, or none for made-up tweets. */
  readonly data: string | undefined;
  readonly text: string;
  readonly label: string;
  readonly key: string | undefined;
  readonly positive: string | undefined;
  readonly exit: boolean;
  readonly report: string | undefined;
  readonly port: number;
}

const usage = `npm run demo -- [--data FILE --text COLUMN --label COLUMN [--key COLUMN] [--positive VALUE]] [--exit] [--report FILE] [--port N]`;
/** Said to the user, without a stack. */
export class Usage extends Error {}

export const readOptions = (args: readonly string[]): DemoOptions => {
  const { values } = parse(args);
  const { data, text, label, key, positive, report } = values;
  if (data === undefined && (text ?? label ?? key ?? positive) !== undefined)
    throw new Usage(`--text, --label, --key and --positive are about --data FILE\n${usage}`);
  if (data !== undefined && (text === undefined || label === undefined))
    throw new Usage(`--data wants --text COLUMN and --label COLUMN\n${usage}`);
  if (data !== undefined && !stat(data)?.isFile()) throw new Usage(`${path.resolve(data)} is ${stat(data) ? 'not a file' : 'not there'}`);
  if (report !== undefined && !stat(path.dirname(path.resolve(report)))?.isDirectory())
    throw new Usage(`There is no folder for --report ${report}`);
  if (!/^\d{1,5}$/.test(values.port ?? '0')) throw new Usage(`--port wants a number, and is ${values.port}`);
  const made = { text: 'text', label: 'sentiment', key: 'tweet_id', positive: 'negative' };
  return {
    ...(data === undefined ? { data, ...made } : { data: path.resolve(data), text: text!, label: label!, key, positive }),
    exit: values.exit ?? false,
    report: report === undefined ? undefined : path.resolve(report),
    port: Number(values.port ?? 0),
  };
};

const stat = (file: string) => statSync(file, { throwIfNoEntry: false });

const parse = (args: readonly string[]) => {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: { data: text, text, label: text, key: text, positive: text, report: text, port: text, exit: { type: 'boolean' } },
    });
  } catch (error) {
    throw new Usage(`${(error as Error).message}\n${usage}`);
  }
};
