import { type Column, invalid } from '@boucle/contract';
import { DuckDBDataChunk, type DuckDBConnection, UTINYINT } from '@duckdb/node-api';
import { dirname } from 'node:path';
import { findColumn } from './column-names.ts';
import { copyParquet } from './copy-parquet.ts';
import { withEngine } from './engine.ts';
import { merkleRoot } from './identity/merkle-root.ts';
import { tableDigest } from './identity/table-digest.ts';
import { batchRows } from './parquet-sink.ts';
import { chooseSides, type Side, sides } from './split/choose-sides.ts';
import { hashRows } from './split/hash-rows.ts';
import { openStored } from './stored-table.ts';
import type { WrittenTable } from './table-builder.ts';

export interface SplitOptions {
  readonly seed: number;
  /** Shares of the rows, as they come out of a hash; the rest is for training. */
  readonly validation: number;
  readonly test: number;
  /** A column of classes. All are drawn by the same hash, so each has these shares as nearly as its size allows. */
  readonly stratify?: string;
  /** Columns that name rows and say nothing about them; recognised by `_row` unless said. */
  readonly key?: readonly string[];
}

/**
 * Parts a table in three. Rows with equal keys (the part of `_row` before the dot), and rows equal apart from their key, are one group, through any
 * number of such links, and a group has one side: that of the hash of the seed and the smallest content hash in the group. The order of rows plays no part.
 *
 * So rows added later move nobody if their keys are new, whatever they contain, and nobody at all where there are no keys. A row that repeats a key with
 * other content joins that key's group: it may move the group (once in n + 1 where that had n contents), and two groups that it links become one.
 */
export const splitTable = (
  input: string,
  outputs: Readonly<Record<Side, string>>,
  options: SplitOptions,
): Promise<Record<Side, WrittenTable>> =>
  withEngine(
    async (connection) => {
      const table = await openStored(connection, input);
      const { schema, from } = table;
      checkOptions(options, schema.columns);
      const hashes = await hashRows(table, options.key);
      const sideOf = chooseSides(hashes, options);
      await storeSides(connection, sideOf);
      const write = async (side: Side): Promise<WrittenTable> => {
        const number = sides.indexOf(side);
        const positions = Array.from(sideOf.keys()).filter((row) => sideOf[row] === number);
        await copyParquet(connection, `SELECT t.* FROM ${from} t POSITIONAL JOIN sides s WHERE s.side = ${number}`, outputs[side]);
        const root = merkleRoot(positions.length, (i) => hashes.rows.at(positions[i] ?? 0));
        return { schema, rows: positions.length, digest: tableDigest(schema.columns, root) };
      };
      return { train: await write('train'), validation: await write('validation'), test: await write('test') };
    },
    { scratch: dirname(outputs.train) },
  );

const checkOptions = ({ seed, validation, test, stratify, key = [] }: SplitOptions, columns: readonly Column[]): void => {
  if (!Number.isSafeInteger(seed)) throw invalid(`The seed has to be a whole number, not ${seed}`, 'bad_split');
  if (!(validation >= 0 && test >= 0 && validation + test < 1))
    throw invalid(`Validation (${validation}) and test (${test}) have to be shares that leave rows for training`, 'bad_split');
  if (stratify !== undefined) findColumn(columns, stratify);
  for (const name of key) findColumn(columns, name);
};

const storeSides = async (connection: DuckDBConnection, sideOf: Uint8Array): Promise<void> => {
  await connection.run('CREATE TABLE sides (side UTINYINT)');
  const appender = await connection.createAppender('sides');
  for (let from = 0; from < sideOf.length; from += batchRows) {
    const part = Array.from(sideOf.subarray(from, from + batchRows));
    const chunk = DuckDBDataChunk.create([UTINYINT], part.length);
    chunk.setColumns([part]);
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
};
