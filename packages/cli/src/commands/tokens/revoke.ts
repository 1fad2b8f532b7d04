import { id } from '../../arguments.ts';
import type { Verb } from '../../verb.ts';

export const revokeToken: Verb = (command, { client, show }) =>
  command.argument('<token>', 'Its id', id).action(async (tokenId: string) => {
    const token = await client.tokens.revoke({ params: { tokenId } });
    show(token, () => `${token.name} opens nothing any more.`);
  });
