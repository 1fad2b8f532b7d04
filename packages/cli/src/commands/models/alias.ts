import { wholeNumber } from '../../arguments.ts';
import type { Verb } from '../../verb.ts';

export const setAlias: Verb = (command, { client, show, inProject }) =>
  command
    .argument('<model>', 'Its name')
    .argument('<alias>', 'The alias, such as champion')
    .argument('<version>', 'The number of the version', wholeNumber)
    .addHelpText('after', '\nAn alias moves no traffic by itself: deploy the endpoint again for that.')
    .action(async (model: string, alias: string, number: number) => {
      const version = await client.aliases.set({ params: { ...(await inProject()), model, alias }, body: { number } });
      show(version, () => `${model}@${alias} is version ${version.number}. Endpoints keep what they have until you deploy.`);
    });
