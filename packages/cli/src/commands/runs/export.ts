import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { invalid, type Run } from '@boucle/contract';
import type { Client } from '@boucle/sdk';
import { experimentIdOf } from '../../experiment-of.ts';
import { createRunColumns } from '../../run-table.ts';
import { plural } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly to: string;
  readonly filter?: string;
  readonly experiment?: string;
}
type Read = () => AsyncIterable<Run>;

export const exportRuns: Verb = (command, { client, io, show, inProject }) =>
  command
    .requiredOption('--to <file>', 'A table: .csv, or .jsonl with a run on each line')
    .option('--filter <filter>', 'Only those that it is true of')
    .option('--experiment <experiment>', 'Of one experiment, by its id or name')
    .addHelpText('after', `\n  boucle runs export --filter "metrics.f1 > 0.8" --to runs.csv`)
    .action(async ({ to, filter = '', experiment }: Options) => {
      const write = writers[extname(to).toLowerCase()];
      if (!write) throw invalid(`"${to}" says no form: end it in ${Object.keys(writers).join(' or ')}`, 'bad_options');
      const params = await inProject();
      const experimentIds = experiment === undefined ? undefined : [await experimentIdOf(client, params, experiment)];
      const counted = { runs: 0 };
      const lines = write(() => readRuns(client, { params, body: { filter, ...(experimentIds && { experimentIds }) } }), counted);
      await writeWhole(resolve(io.cwd, to), lines);
      show({ file: to, ...counted }, () => `${to} has ${plural(counted.runs, 'run')}.`);
    });

const writers: Readonly<Record<string, (read: Read, counted: { runs: number }) => AsyncIterable<string>>> = {
  /** Read twice: which columns there are is known only at the end. A run that came between says nothing new in them. */
  '.csv': async function* (read, counted) {
    const columns = createRunColumns();
    for await (const run of read()) columns.add(run);
    const { head, line } = columns.end();
    yield head;
    for await (const run of read()) {
      counted.runs += 1;
      yield line(run);
    }
  },
  '.jsonl': async function* (read, counted) {
    for await (const run of read()) {
      counted.runs += 1;
      yield `${JSON.stringify(run)}\n`;
    }
  },
};

interface Asked {
  readonly params: { readonly project: string };
  readonly body: { readonly filter: string; readonly experimentIds?: string[] };
}
async function* readRuns(client: Client, { params, body }: Asked): AsyncGenerator<Run> {
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: { items: Run[]; nextCursor: string | null } = await client.runs.search({
      params,
      body: { ...body, limit: 500, ...(cursor !== undefined && { cursor }) },
    });
    yield* page.items;
    cursor = page.nextCursor;
  }
}

/** The file is there when all of it is. */
const writeWhole = async (file: string, lines: AsyncIterable<string>): Promise<void> => {
  const half = `${file}.part`;
  try {
    await pipeline(lines, createWriteStream(half));
    await rename(half, file);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
};
