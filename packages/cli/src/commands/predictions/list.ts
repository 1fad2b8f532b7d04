import { withLimit } from '../../listing.ts';
import { answer, clip, measure, time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly limit: number;
  readonly before?: string;
  readonly shadows?: boolean;
}

export const listPredictions: Verb = (command, { client, showList, inProject }) =>
  withLimit(command.argument('<endpoint>', 'The endpoint'), 20)
    .option('--before <prediction>', 'Those before this one')
    .option('--shadows', 'With what shadows said, which no caller was given')
    .action(async (endpoint: string, { limit, before, shadows = false }: Options) => {
      const query = { endpoint, limit: Math.min(limit, 500), shadows, ...(before !== undefined && { before }) };
      const { items } = await client.predictions.list({ params: await inProject(), query });
      showList(
        { items, hasMore: false },
        {
          id: ({ id }) => id,
          at: ({ arrivalTime }) => time(arrivalTime),
          variant: ({ variant, shadowOf }) => (shadowOf === null ? (variant ?? '') : `${variant} (shadow)`),
          outcome: ({ outcome }) => outcome,
          ms: ({ latencyMs }) => measure(latencyMs),
          inputs: ({ inputs }) => clip(answer(inputs), 60),
          outputs: ({ outputs, error }) => clip(error ?? answer(outputs), 60),
        },
        'No predictions yet.',
      );
    });
