import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid, type PortSpec } from '@boucle/contract';
import { columnsOf } from '../columns.ts';
import type { Model, OnDisk, Table } from '../port.ts';
import type { Attempt } from './attempt.ts';
import { contentOf } from './step-spec.ts';

/** What a step's code holds in its hands for each input. */
export const openInputs = async ({ spec, layout }: Pick<Attempt, 'spec' | 'layout'>): Promise<Record<string, unknown>> => {
  const opened: Record<string, unknown> = {};
  for (const [name, port] of Object.entries(spec.ports.inputs)) {
    const given = spec.inputs[name] ?? [];
    const all = await Promise.all(
      given.map(({ kind }, i) => openOne(name, port, { kind, path: join(layout.input(name, i), contentOf[kind]) })),
    );
    if (!port.many && all.length !== 1) throw invalid(`The input "${name}" takes one ${port.kind}, not ${all.length}`, 'input_count');
    opened[name] = port.many ? all : all[0];
  }
  return opened;
};

const openOne = async (name: string, port: PortSpec, { kind, path }: { kind: PortSpec['kind']; path: string }): Promise<unknown> => {
  if (kind !== port.kind) throw invalid(`The input "${name}" takes a ${port.kind}, not a ${kind}`, 'input_kind', { input: name });
  switch (kind) {
    case 'table':
      return openTable(name, port, path);
    case 'value':
      return JSON.parse(await readFile(path, 'utf8')) as unknown;
    case 'model':
      return { path, task: (port.schema as { const?: string } | undefined)?.const ?? '' } satisfies Model<string>;
    case 'file':
    case 'folder':
      return { path } satisfies OnDisk;
  }
};

/** Rows come with the columns that the step declares, and no others; a step that declares none gets them all. */
const openTable = (name: string, port: PortSpec, path: string): Table<Record<string, unknown>> => ({
  path,
  batches: async function* () {
    const data = await import('@boucle/data');
    const opened = await data.openTable(path);
    try {
      const wanted = columnsOf(port.schema).filter(
        ({ optional, ...column }) => !optional || opened.schema.columns.some((c) => c.name === column.name),
      );
      const there = new Set(opened.schema.columns.map((column) => column.name));
      const missing = wanted.filter((column) => !there.has(column.name));
      if (missing.length > 0) {
        const names = missing.map((column) => `"${column.name}"`).join(', ');
        throw invalid(`The input "${name}" has no column ${names}; it has ${[...there].join(', ')}`, 'column_missing', { input: name });
      }
      // The reader names every row by `_row`.
      yield* opened.batches(undefined, wanted.length > 0 ? wanted.map((column) => column.name) : undefined) as AsyncIterable<
        (Record<string, unknown> & { _row: string })[]
      >;
    } finally {
      await opened.close();
    }
  },
});
