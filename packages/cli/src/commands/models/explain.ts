import { requirePackage } from '@boucle/contract';
import { InvalidArgumentError } from 'commander';
import { wholeNumber } from '../../arguments.ts';
import { type GivenRows, rowsOf, withRows } from '../../given-rows.ts';
import { explanationText } from '../../render/explanation.ts';
import type { Verb } from '../../verb.ts';

interface Options extends GivenRows {
  readonly label?: string;
  readonly tolerance?: number;
  readonly maxSteps?: number;
}

export const explainModel: Verb = (command, { io, client, paint, show, inProject }) =>
  withRows(command.argument('<model>', 'Its name').argument('<version>', 'The number of the version', wholeNumber))
    .option('--label <label>', 'The label that is explained; the predicted one where nothing is said')
    .option('--tolerance <share>', 'How much of it an integral may leave unexplained; 0.01 where nothing is said', shareOf)
    .option('--max-steps <steps>', 'Points of an integral, at most; 256 where nothing is said', wholeNumber)
    .addHelpText('after', '\nWhat is added sums to the logit of the label, or to the value: above 0 it speaks for it, below against it.')
    .action(async (model: string, number: number, { text, input, file, ...options }: Options) => {
      const params = { ...(await inProject()), model, number };
      const { versions } = client.models;
      const { signature } = requirePackage(await versions.get({ params }));
      const given = { ...(text && { text }), ...(input && { input }), ...(file !== undefined && { file }) };
      const rows = await rowsOf(given, signature, io);
      const columns = Object.fromEntries(signature.inputs.map(({ name }) => [name, rows.map((row) => row[name] ?? null)]));
      const { items } = await versions.explain({ params, body: { columns, ...options } });
      show(items, () => items.map((item, i) => explanationText(rows[i]!, item, paint)).join('\n\n'));
    });

const shareOf = (text: string): number => {
  const share = Number(text);
  if (share >= 0.0001 && share <= 1) return share;
  throw new InvalidArgumentError('It takes a share from 0.0001 to 1.');
};
