import { readSecret } from '../../terminal/read-secret.ts';
import type { Verb } from '../../verb.ts';

export const setPassword: Verb = (command, { client, io, show }) =>
  command
    .argument('<name>', 'Whose')
    .addHelpText('after', '\nThe new password is asked for, or read from standard input.')
    .action(async (name: string) => {
      const password = await readSecret(io, `New password of ${name} (it is not shown): `);
      const user = await client.users.setPassword({ params: { user: name }, body: { password } });
      show(user, () => `${name} has another password.`);
    });
