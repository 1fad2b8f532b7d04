import { wholeNumber } from '../../arguments.ts';
import type { Verb } from '../../verb.ts';

export const renameModel: Verb = (command, { client, show, inProject }) =>
  command
    .argument('<model>', 'Its name')
    .argument('<name>', 'The new name')
    .addHelpText(
      'after',
      '\nVersions, aliases and tags go along; endpoints keep what they have.\n\n  boucle models rename spam spam-filter',
    )
    .action(async (model: string, name: string) => {
      const renamed = await client.models.update({ params: { ...(await inProject()), model }, body: { name } });
      show(renamed, () => `${model} is called ${renamed.name}.`);
    });

export const removeModel: Verb = (command, { client, show, inProject }) =>
  command
    .argument('<model>', 'Its name')
    .argument('[version]', 'One version; where nothing is said, the model with all its versions', wholeNumber)
    .addHelpText('after', '\nWhat endpoints answer by stays.\n\n  boucle models remove spam 3')
    .action(async (model: string, number?: number) => {
      const params = { ...(await inProject()), model };
      if (number === undefined) await client.models.remove({ params });
      else await client.models.versions.remove({ params: { ...params, number } });
      show({ model, number: number ?? null }, () =>
        number === undefined ? `${model} is removed, with its versions.` : `${model}/${number} is removed.`,
      );
    });

export const removeAlias: Verb = (command, { client, show, inProject }) =>
  command
    .argument('<model>', 'Its name')
    .argument('<alias>', 'The alias')
    .addHelpText('after', '\n  boucle models unalias spam champion')
    .action(async (model: string, alias: string) => {
      await client.aliases.remove({ params: { ...(await inProject()), model, alias } });
      show({ model, alias }, () => `${model}@${alias} points at nothing any more.`);
    });
