import { traceStory } from '../render/trace-story.ts';
import type { Verb } from '../verb.ts';

export const trace: Verb = (command, { client, paint, show, inProject }) =>
  command.argument('<prediction>', 'Its id, as predict prints it').action(async (predictionId: string) => {
    const found = await client.reports.trace({ params: { ...(await inProject()), predictionId } });
    show(found, () => traceStory(found, paint));
  });
