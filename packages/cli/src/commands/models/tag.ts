import { intoPairs, wholeNumber } from '../../arguments.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly version?: number;
}
const nameOf = (model: string, version: number | undefined): string => (version === undefined ? model : `${model}/${version}`);

export const tagModel: Verb = (command, { client, show, inProject }) =>
  command
    .argument('<model>', 'Its name')
    .argument('<tags...>', 'As name=value', intoPairs)
    .option('--version <number>', 'A version of it', wholeNumber)
    .addHelpText('after', '\n  boucle models tag spam team=risk --version 3')
    .action(async (model: string, tags: Readonly<Record<string, string>>, { version }: Options) => {
      const params = { ...(await inProject()), model };
      if (version === undefined) await client.models.tags.set({ params, body: { tags } });
      else await client.models.versions.tags.set({ params: { ...params, number: version }, body: { tags } });
      show(
        { model, version: version ?? null, tags },
        () =>
          `${nameOf(model, version)} is tagged ${Object.entries(tags)
            .map(([key, value]) => `${key}=${value}`)
            .join(' ')}.`,
      );
    });

export const untagModel: Verb = (command, { client, show, inProject }) =>
  command
    .argument('<model>', 'Its name')
    .argument('<key>', 'The name of the tag')
    .option('--version <number>', 'Of a version of it', wholeNumber)
    .addHelpText('after', '\n  boucle models untag spam team')
    .action(async (model: string, key: string, { version }: Options) => {
      const params = { ...(await inProject()), model };
      if (version === undefined) await client.models.tags.remove({ params, query: { key } });
      else await client.models.versions.tags.remove({ params: { ...params, number: version }, query: { key } });
      show({ model, version: version ?? null, key }, () => `${nameOf(model, version)} has no tag ${key} any more.`);
    });
