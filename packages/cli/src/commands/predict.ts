import { id } from '../arguments.ts';
import { type GivenRows, rowsOf, withRows } from '../given-rows.ts';
import { infer, readSignature } from '../inference.ts';
import { answer, clip, value } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';
import type { Verb } from '../verb.ts';

interface Options extends GivenRows {
  readonly eventTime?: string;
  readonly correlationId?: string;
}

export const predict: Verb = (command, { io, paint, show, inProject, url, token }) =>
  withRows(command.argument('<endpoint>', 'The endpoint'))
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
          // A model may well call what it gives a prediction.
          'prediction id': (p: (typeof predictions)[number]) => ['dim', p.id] as const,
        };
        return table(predictions, columns, paint);
      });
    });
