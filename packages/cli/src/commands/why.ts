import { clip, short, value } from '../terminal/format.ts';
import { findStepRun, stepArgument } from '../step-reference.ts';
import { table } from '../terminal/table.ts';
import type { Verb } from '../verb.ts';

export const why: Verb = (command, { client, paint, show, inProject }) =>
  command.argument(...stepArgument).action(async (reference: string) => {
    const params = await inProject();
    const answer = await client.stepRuns.why({ params: { ...params, stepRunId: await findStepRun(client, params, reference) } });
    show(answer, () =>
      [
        answer.sentence,
        ...(answer.changes.length > 0
          ? [
              table(
                answer.changes,
                {
                  part: ({ part }) => part,
                  before: ({ before }) => clip(short(value(before)), 80),
                  now: ({ now }) => clip(short(value(now)), 80),
                },
                paint,
              ),
            ]
          : []),
        ...(answer.comparedWith ? [paint('dim', `compared with step run ${answer.comparedWith}`)] : []),
      ].join('\n'),
    );
  });
