import { invalid } from '@boucle/contract';
import { type Client, createClient } from '@boucle/sdk';
import type { Io } from './io.ts';
import { projectOf } from './project-of.ts';
import { type Paint, paintFor } from './terminal/paint.ts';
import { type Columns, table } from './terminal/table.ts';

export interface GlobalOptions {
  readonly url?: string;
  readonly token?: string;
  readonly project?: string;
  readonly json?: true;
}

/** What the process ends with when nothing was thrown. */
export interface Outcome {
  status: number;
}

/** What every command works with. */
export interface Context {
  readonly io: Io;
  readonly url: string;
  readonly token: string | undefined;
  readonly json: boolean;
  readonly client: Client;
  readonly paint: Paint;
  /** The project that is meant, as the first part of a route's params. */
  readonly inProject: () => Promise<{ project: string }>;
  /** An answer: JSON where that is wanted, else a text for people. */
  readonly show: (value: unknown, text: () => string) => void;
  readonly showList: <T>(list: Listed<T>, columns: Columns<T>, whenEmpty: string) => void;
  /** Beside the answer, and not part of it. */
  readonly note: (text: string) => void;
  readonly endWith: (status: number) => void;
}
export interface Listed<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
}

export const defaultUrl = 'http://127.0.0.1:5050';

export const createContext = ({ io, outcome, options }: { io: Io; outcome: Outcome; options: GlobalOptions }): Context => {
  const url = checkedUrl(options.url ?? io.env['BOUCLE_URL'] ?? defaultUrl);
  const token = options.token ?? io.env['BOUCLE_TOKEN'];
  const paint = paintFor(io.stdout);
  const json = options.json === true;
  const show = (value: unknown, text: () => string): void => void io.stdout.write(`${json ? JSON.stringify(value, null, 2) : text()}\n`);
  const note = (text: string): void => void io.stderr.write(`${text}\n`);
  return {
    io,
    url,
    token,
    json,
    client: createClient({ baseUrl: url, token, ...(io.fetch && { fetch: io.fetch }) }),
    paint,
    inProject: async () => ({ project: await projectOf(options.project, io) }),
    show,
    showList: ({ items, hasMore }, columns, whenEmpty) => {
      show(items, () => (items.length > 0 ? table(items, columns, paint) : whenEmpty));
      if (hasMore) note(`There are more: --limit ${items.length * 2}`);
    },
    note,
    endWith: (status) => {
      outcome.status = status;
    },
  };
};

const checkedUrl = (url: string): string => {
  if (/^https?:\/\/./.test(url) && URL.canParse(url)) return url;
  throw invalid(`"${url}" is no address of a server; write it like ${defaultUrl}`, 'bad_url');
};
