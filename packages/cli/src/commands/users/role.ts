import { Argument } from 'commander';
import type { Verb } from '../../verb.ts';

const levels = ['none', 'read', 'use', 'edit', 'manage'] as const;

export const setRole: Verb = (command, { client, show, inProject }) =>
  command
    .argument('<name>', 'Whose')
    .addArgument(new Argument('<level>', 'What they may in the project; each includes those before').choices(levels))
    .action(async (user: string, level: (typeof levels)[number]) => {
      const params = { ...(await inProject()), user };
      show(await client.roles.set({ params, body: { level } }), () => `${user} may ${level} in ${params.project}.`);
    });
