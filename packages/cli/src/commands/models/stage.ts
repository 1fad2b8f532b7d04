import { Argument } from 'commander';
import { wholeNumber } from '../../arguments.ts';
import type { Verb } from '../../verb.ts';

const stages = ['none', 'staging', 'production', 'archived'] as const;

export const stageVersion: Verb = (command, { client, show, inProject }) =>
  command
    .argument('<model>', 'Its name')
    .argument('<version>', 'The number of the version', wholeNumber)
    .addArgument(new Argument('<stage>', 'Where it stands').choices(stages))
    .option('--archive-others', 'Put away what is in staging or production now')
    .addHelpText('after', '\nA stage moves no traffic.\n\n  boucle models stage spam 3 production --archive-others')
    .action(async (model: string, number: number, stage: (typeof stages)[number]) => {
      const { archiveOthers = false } = command.opts<{ archiveOthers?: true }>();
      const version = await client.models.versions.stage({
        params: { ...(await inProject()), model, number },
        body: { stage, archiveOthers },
      });
      show(version, () => `${model}/${number} is in ${version.stage}.`);
    });
