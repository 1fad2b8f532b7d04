import type { Expectation } from '@boucle/contract';
import {
  appendRows,
  type AppendOptions,
  checkSuite,
  compareTables,
  distributeTable,
  findRows,
  ingest,
  type IngestOptions,
  type RowPage,
  sampleRows,
} from '@boucle/data';
import type { ChildCaller } from '../platform/processes/index.ts';
import { serveChild } from '../platform/processes/serve-child.ts';

/** What is done to tables in a process of its own: a file may be hostile, and DuckDB takes memory and time. */
export const handlers = serveChild({
  ingest: ({ source, target, options }: { source: string; target: string; options: IngestOptions }) => ingest(source, target, options),
  append: ({ base, target, options }: { base: string; target: string; options: AppendOptions }) => appendRows(base, target, options),
  sample: ({ file, ...page }: { file: string } & RowPage) => sampleRows(file, page),
  find: ({ file, rows }: { file: string; rows: readonly string[] }) => findRows(file, rows),
  distribute: ({ file }: { file: string }) => distributeTable(file),
  check: ({ file, suite }: { file: string; suite: readonly Expectation[] }) => checkSuite(file, suite),
  compare: ({ before, now }: { before: string; now: string }) => compareTables(before, now),
});
export type TableCalls = ChildCaller<typeof handlers>;
