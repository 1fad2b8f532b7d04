import type { Verb } from '../../verb.ts';

export const removeSecret: Verb = (command, { client, show, inProject }) =>
  command.argument('<name>', 'Its name').action(async (name: string) => {
    await client.secrets.remove({ params: { ...(await inProject()), name } });
    show({ name, removed: true }, () => `${name} is forgotten.`);
  });
