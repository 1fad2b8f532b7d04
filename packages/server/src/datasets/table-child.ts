import { appendRows, type AppendOptions, findRows, ingest, type IngestOptions, sampleRows } from '@boucle/data';
import { serveChild } from '../platform/processes/serve-child.ts';

/** What is done to tables in a process of its own: a file may be hostile, and DuckDB takes memory and time. */
export const handlers = serveChild({
  ingest: ({ source, target, options }: { source: string; target: string; options: IngestOptions }) => ingest(source, target, options),
  append: ({ base, target, options }: { base: string; target: string; options: AppendOptions }) => appendRows(base, target, options),
  sample: ({ file, offset, limit }: { file: string; offset: number; limit: number }) => sampleRows(file, { offset, limit }),
  find: ({ file, rows }: { file: string; rows: readonly string[] }) => findRows(file, rows),
});
