import { listUpTo, withLimit } from '../../listing.ts';
import { clip, time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

export const listProjects: Verb = (command, { client, showList }) =>
  withLimit(command).action(async ({ limit }: { limit: number }) => {
    const projects = await listUpTo(limit, (query) => client.projects.list({ query }));
    showList(
      projects,
      {
        name: ({ name }) => name,
        applied: ({ manifestId }) => (manifestId ? 'yes' : 'no'),
        created: ({ createdAt }) => time(createdAt),
        problem: ({ problem }) => clip(problem, 80),
      },
      'No projects yet. Begin with: boucle init',
    );
  });
