import { readSecret } from '../../terminal/read-secret.ts';
import type { Verb } from '../../verb.ts';

export const createUser: Verb = (command, { client, io, show, note, token }) =>
  command
    .argument('<name>', 'Their name')
    .option('--admin', 'They may do everything, as the first user may')
    .addHelpText(
      'after',
      '\nThe password is asked for, or read from standard input. Once there is a user the server asks everybody who they are:\nmake yourself a token before (boucle tokens create NAME), and set BOUCLE_TOKEN.',
    )
    .action(async (name: string, { admin }: { admin?: true }) => {
      const password = await readSecret(io, `Password of ${name} (it is not shown): `);
      const user = await client.users.create({ body: { name, password, isAdmin: admin === true } });
      show(user, () => `${name} may come in${user.isAdmin ? ', as an administrator' : ''}.`);
      if (token === undefined) note('From now on the server asks everybody: this command needs BOUCLE_TOKEN next time.');
    });
