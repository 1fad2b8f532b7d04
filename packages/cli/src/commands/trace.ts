import { predictionId } from '../arguments.ts';
import { traceStory } from '../render/trace-story.ts';
import type { Verb } from '../verb.ts';

export const trace: Verb = (command, { client, paint, show, inProject }) =>
  command.argument('<prediction>', 'Its id, as predict prints it', predictionId).action(async (prediction: string) => {
    const found = await client.reports.trace({ params: { ...(await inProject()), predictionId: prediction } });
    show(found, () => traceStory(found, paint));
  });
