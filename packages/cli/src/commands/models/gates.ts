import { InvalidArgumentError } from 'commander';
import { parseModelReference } from '@boucle/contract';
import { table } from '../../terminal/table.ts';
import type { Verb } from '../../verb.ts';

export const judgeGates: Verb = (command, { client, paint, show, inProject, endWith }) =>
  command
    .argument('<version>', 'model/number', versionOf)
    .requiredOption('--endpoint <name>', 'The endpoint whose gates are meant')
    .option('--last', 'What was found last, without judging again')
    .addHelpText('after', '\nEnds with 0 where all gates let the version through.')
    .action(async ({ model, number }: Version, { endpoint, last }: { endpoint: string; last?: true }) => {
      const params = { ...(await inProject()), model, number };
      const { versions } = client.models;
      const judgement = await (last ? versions.gates({ params, query: { endpoint } }) : versions.judge({ params, body: { endpoint } }));
      show(judgement, () => {
        const verdict = judgement.passed ? paint('green', 'passes') : paint('red', 'does not pass');
        const columns = {
          gate: ({ gate }: Gate) => gate,
          verdict: (one: Gate) => one.verdict,
          why: ({ message }: Gate) => message,
        };
        return `${model}/${number} ${verdict} the gates of ${endpoint}\n\n${table(judgement.gates, columns, paint)}`;
      });
      if (!judgement.passed) endWith(1);
    });

interface Version {
  readonly model: string;
  readonly number: number;
}
interface Gate {
  readonly gate: string;
  readonly verdict: string;
  readonly message: string;
}

const versionOf = (text: string): Version => {
  const named = parseModelReference(text);
  if (named && 'number' in named) return named;
  throw new InvalidArgumentError('Write it as model/number, as in sentiment/3.');
};
