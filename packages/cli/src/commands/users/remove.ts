import type { Verb } from '../../verb.ts';

export const removeUser: Verb = (command, { client, show }) =>
  command.argument('<name>', 'Their name').action(async (name: string) => {
    await client.users.remove({ params: { user: name } });
    show({ name, removed: true }, () => `${name} comes in no more, and neither do their tokens.`);
  });
