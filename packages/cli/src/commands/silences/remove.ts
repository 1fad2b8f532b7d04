import { id } from '../../arguments.ts';
import type { Verb } from '../../verb.ts';

export const removeSilence: Verb = (command, { client, show, inProject }) =>
  command.argument('<silence>', 'Its id', id).action(async (silenceId: string) => {
    await client.silences.remove({ params: { ...(await inProject()), silenceId } });
    show({ id: silenceId, removed: true }, () => 'The silence has ended; what still fires is told now.');
  });
