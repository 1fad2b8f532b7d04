import type { Client } from '@boucle/sdk';
import { tellStory } from '../../packages/server/src/reports/story.ts';
import type { Paint } from '../../packages/cli/src/terminal/paint.ts';

const colours = { plain: 'dim', good: 'green', attention: 'yellow', bad: 'red' } as const;
/** Said otherwise, or of no weight here. */
const leftOut = new Set(['manifest.applied', 'deployment.ready', 'pipeline_run.started', 'project.created']);
/** Said once, however often it comes again before something is done about it. */
const repeating = new Set(['drift.found', 'kpi.missed', 'retraining.refused']);

/** Tells what happens from now on, a sentence a line, until it is stopped. */
export const narrate = (
  client: Client,
  project: string,
  { write, paint, after }: { write: (line: string) => void; paint: Paint; after: number },
) => {
  const stopping = new AbortController();
  const said = new Set<string>();
  const isEcho = (type: string): boolean => {
    if (type === 'retraining.started' || type === 'rollout.ended') said.clear();
    const before = said.has(type);
    said.add(type);
    return before && repeating.has(type);
  };
  const telling = (async () => {
    try {
      for await (const event of client.events.stream({ params: { project }, query: { after } }, { signal: stopping.signal })) {
        if (leftOut.has(event.type) || isEcho(event.type)) continue;
        for (const { at, tone, sentence } of tellStory(event.correlationId ?? '', [event]).chapters)
          write(`  ${paint('dim', at.slice(5, 16).replace('T', ' '))}  ${paint(colours[tone], sentence)}`);
      }
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    }
  })();
  return {
    stop: async (): Promise<void> => {
      stopping.abort();
      await telling;
    },
  };
};
