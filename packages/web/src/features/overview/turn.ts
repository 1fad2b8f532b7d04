import type { News } from '../../live/news.ts';

/** How long it took from the rows to the endpoint that learned from them; undefined until both are in the story. */
export const turnOf = (story: readonly News[]): { seconds: number; endedAt: number } | undefined => {
  const ready = story.findLast(({ type }) => type === 'deployment.ready');
  const begun = story.find(({ type }) => type === 'dataset_version.created') ?? story.find(({ type }) => type === 'pipeline_run.started');
  if (!ready || !begun || begun.seq > ready.seq) return undefined;
  const endedAt = Date.parse(ready.at);
  return { seconds: (endedAt - Date.parse(begun.at)) / 1000, endedAt };
};
