import { AppError, invalid } from '@boucle/contract';
import { predictionId } from '../arguments.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly comment?: string;
  readonly eventTime?: string;
}
const sentences = {
  recorded: 'Recorded.',
  repeated: 'That was known already.',
  changed: 'Recorded, in place of an earlier label.',
} as const;

export const giveFeedback: Verb = (command, { client, show, inProject }) =>
  command
    .argument('<prediction>', 'Its id, as predict prints it', predictionId)
    .argument('<label>', 'What was true')
    .option('--comment <text>', 'Why')
    .option('--event-time <time>', 'When it became known, in ISO 8601; now where nothing is said')
    .action(async (prediction: string, label: string, about: Options) => {
      const { items } = await client.feedback.give({
        params: await inProject(),
        body: { items: [{ predictionId: prediction, label, ...about }] },
      });
      const [{ result, message } = { result: 'refused', message: undefined } as const] = items;
      if (result === 'unknown_prediction')
        throw new AppError('not_found', message ?? `There is no prediction ${prediction}`, { reason: result });
      if (result === 'refused') throw invalid(message ?? 'The feedback was refused', result);
      show(items[0], () => sentences[result]);
    });
