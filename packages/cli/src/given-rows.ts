import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { invalid, type Signature } from '@boucle/contract';
import { intoPairs, jsonOrText } from './arguments.ts';
import type { Row } from './inference.ts';
import type { Io } from './io.ts';

/** Rows for a model, in one of the ways that `withRows` offers. */
export interface GivenRows {
  readonly text?: readonly string[];
  readonly input?: Readonly<Record<string, string>>;
  readonly file?: string;
}

export const withRows = (command: Command): Command =>
  command
    .option('--text <text...>', 'Texts, one row each, for a model that takes one text')
    .option('--input <name=value>', 'One row, an input at a time', intoPairs)
    .option('--file <rows.json>', 'Rows as a JSON list of objects; - reads them from standard input');

/** The rows that were given, as the signature says. */
export const rowsOf = async ({ text: texts, input, file }: GivenRows, { inputs }: Signature, io: Io): Promise<readonly Row[]> => {
  if (file !== undefined) return readRows(file, io);
  if (input) {
    const isText = (name: string): boolean => inputs.find((spec) => spec.name === name)?.datatype === 'BYTES';
    return [Object.fromEntries(Object.entries(input).map(([name, given]) => [name, isText(name) ? given : jsonOrText(given)]))];
  }
  const names = inputs.map(({ name }) => name);
  const [textInput, another] = inputs.filter(({ datatype }) => datatype === 'BYTES');
  if (texts && textInput && !another && inputs.length === 1) return texts.map((one) => ({ [textInput.name]: one }));
  throw invalid(
    `Say which rows: the model takes ${names.join(', ')}. Use ${texts ? '--input or --file' : '--text, --input or --file'}`,
    'no_rows',
  );
};

const readRows = async (file: string, io: Io): Promise<readonly Row[]> => {
  const content = file === '-' ? await text(io.stdin) : await readFile(resolve(io.cwd, file), 'utf8');
  const given = jsonOrText(content);
  const rows = Array.isArray(given) ? (given as unknown[]) : [given];
  if (rows.length > 0 && rows.every((row) => typeof row === 'object' && row !== null)) return rows as Row[];
  throw invalid(`${file} must hold a JSON list of objects, such as [{ "text": "…" }]`, 'bad_rows');
};
