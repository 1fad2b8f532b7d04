import { createReadStream, statSync } from 'node:fs';
import path from 'node:path';
import type { DatasetVersion } from '@boucle/contract';
import { ApiError, type Client } from '@boucle/sdk';
import { formatOf } from '../../packages/cli/src/file-format.ts';
import type { Io } from '../../packages/cli/src/io.ts';
import { counted, toBody } from '../../packages/cli/src/sending.ts';
import { clip } from '../../packages/cli/src/terminal/format.ts';
import { createProgressBar } from '../../packages/cli/src/terminal/progress-bar.ts';
import { type DemoOptions, Usage } from './options.ts';

interface Ingesting {
  readonly project: string;
  readonly dataset: string;
  readonly source: string;
  readonly correlationId: string;
  readonly io: Io;
}
/** Makes a version of the file; what is wrong with it is said in the words of the demonstration. */
export const ingest = async (client: Client, { project, dataset, source, correlationId, io }: Ingesting): Promise<DatasetVersion> => {
  const file = path.basename(source);
  const format = formatOf(source);
  const bar = createProgressBar(io.stderr, `Sending ${file}`, statSync(source).size);
  try {
    const { version } = await client.datasets.versions.create({
      params: { project, dataset },
      query: { correlationId, options: JSON.stringify({ source: file, ...(format && { format }) }) },
      data: toBody(counted(createReadStream(source), bar.add)),
    });
    return version;
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== 'missing_column') throw error;
    const columns = (error.details['columns'] as readonly string[]).map((column) => `"${clip(column, 40)}"`).join(', ');
    throw new Usage(
      `The first line of ${file} names the columns ${columns}. Say which of them to use with --text, --label and --key; a file without such a line wants one first.`,
    );
  } finally {
    bar.end();
  }
};

/** Before anything is trained: is there such a label? */
export const checkPositive = ({ columns }: DatasetVersion, { positive }: DemoOptions): void => {
  const { top, distinct } = columns.find(({ name }) => name === 'label')!;
  if (positive === undefined || distinct > top.length || top.some(({ value }) => value === positive)) return;
  throw new Usage(`No row has the label "${positive}" (--positive); there are ${top.map(({ value }) => `"${String(value)}"`).join(', ')}`);
};
