import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Column, type PortSpec, invalid } from '@boucle/contract';
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

type Row = Record<string, unknown> & { readonly _row: string };

const openTable = (name: string, port: PortSpec, path: string): Table<Record<string, unknown>> => ({
  path,
  batches: async function* () {
    const data = await import('@boucle/data');
    const opened = await data.openTable(path);
    try {
      const columns = columnsToRead(name, port, opened.schema.columns);
      // The reader names every row by `_row`.
      yield* opened.batches(undefined, columns) as AsyncIterable<Row[]>;
    } finally {
      await opened.close();
    }
  },
});

/** Rows come with the columns that the step declares, and no others; a step that declares none gets them all. */
const columnsToRead = (input: string, port: PortSpec, there: readonly Column[]): string[] | undefined => {
  const declared = columnsOf(port.schema);
  if (declared.length === 0) return undefined;
  return declared.flatMap(({ name, type: wanted, optional }) => {
    const found = there.find((column) => column.name === name);
    if (!found && optional) return [];
    if (!found) {
      const names = there.map((column) => `"${column.name}"`).join(', ');
      throw invalid(`The input "${input}" has no column "${name}"; it has ${names}`, 'column_missing', { input, column: name });
    }
    const { type } = found.type;
    if (type !== wanted.type && !(type === 'int' && wanted.type === 'float')) {
      throw invalid(`In the input "${input}" the column "${name}" is ${type}, and the step reads ${wanted.type}`, 'column_type', {
        input,
        column: name,
      });
    }
    return [name];
  });
};
