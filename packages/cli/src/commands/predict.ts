import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { invalid, type Signature } from '@boucle/contract';
import { infer, readSignature, type Row } from '../inference.ts';
import type { Io } from '../io.ts';
import { id, intoPairs, jsonOrText } from '../arguments.ts';
import { answer, clip, value } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly text?: readonly string[];
  readonly input?: Readonly<Record<string, string>>;
  readonly file?: string;
  readonly eventTime?: string;
  readonly correlationId?: string;
}

export const predict: Verb = (command, { io, paint, show, inProject, url, token }) =>
  command
    .argument('<endpoint>', 'The endpoint')
    .option('--text <text...>', 'Texts, one row each, for an endpoint that takes one text')
    .option('--input <name=value>', 'One row, an input at a time', intoPairs)
    .option('--file <rows.json>', 'Rows as a JSON list of objects; - reads them from standard input')
    .option('--event-time <time>', 'When it happened, in ISO 8601; now where nothing is said')
    .option('--correlation-id <id>', 'The story that this belongs to', id)
    .action(async (endpoint: string, { eventTime, correlationId, ...given }: Options) => {
      const asking = { io, url, token, endpoint, ...(await inProject()) };
      const signature = await readSignature(asking);
      const rows = await rowsOf(given, signature, io);
      const parameters = {
        ...(eventTime !== undefined && { 'boucle-event-time': eventTime }),
        ...(correlationId !== undefined && { 'boucle-correlation-id': correlationId }),
      };
      const { version, predictionIds, rows: outputs } = await infer(asking, { signature, rows, parameters });
      const predictions = predictionIds.map((id, i) => ({ id, inputs: rows[i]!, outputs: outputs[i]! }));
      show({ endpoint, version, predictions }, () => {
        const columns = {
          ...Object.fromEntries(
            signature.inputs.map(({ name }) => [name, (p: (typeof predictions)[number]) => clip(value(p.inputs[name]), 60)]),
          ),
          ...Object.fromEntries(signature.outputs.map(({ name }) => [name, (p: (typeof predictions)[number]) => answer(p.outputs[name])])),
          prediction: (p: (typeof predictions)[number]) => ['dim', p.id] as const,
        };
        return table(predictions, columns, paint);
      });
    });

const rowsOf = async ({ text: texts, input, file }: Options, { inputs }: Signature, io: Io): Promise<readonly Row[]> => {
  if (file !== undefined) return readRows(file, io);
  if (input) {
    const isText = (name: string): boolean => inputs.find((spec) => spec.name === name)?.datatype === 'BYTES';
    return [Object.fromEntries(Object.entries(input).map(([name, given]) => [name, isText(name) ? given : jsonOrText(given)]))];
  }
  const names = inputs.map(({ name }) => name);
  const [textInput, another] = inputs.filter(({ datatype }) => datatype === 'BYTES');
  if (texts && textInput && !another && inputs.length === 1) return texts.map((one) => ({ [textInput.name]: one }));
  throw invalid(
    `Say what to predict: the endpoint takes ${names.join(', ')}. Use ${texts ? '--input or --file' : '--text, --input or --file'}`,
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
