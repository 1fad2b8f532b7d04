import { invalid } from '@boucle/contract';
import { readSecret } from '../../terminal/read-secret.ts';
import type { Verb } from '../../verb.ts';

export const setSecret: Verb = (command, { client, io, show, inProject }) =>
  command
    .argument('<name>', 'Its name')
    .addHelpText('after', '\nThe value is asked for, or read from standard input: an argument would be seen by everybody on the machine.')
    .action(async (name: string) => {
      const params = { ...(await inProject()), name };
      const value = await readSecret(io, `Value of ${name} (it is not shown): `);
      if (value === '') throw invalid('The value is empty: nothing was changed', 'empty_secret');
      const secret = await client.secrets.set({ params, body: { value } });
      show(secret, () => `${name} is sealed.`);
    });
