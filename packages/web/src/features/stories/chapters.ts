import type { Chapter, StorySummary } from '@boucle/contract';
import type { Mark } from '../../ui/status.tsx';

/** How a story stands, in the silhouettes of all pages. */
export const stateMark: Record<StorySummary['state'], Mark> = { running: 'running', good: 'ok', attention: 'attention', bad: 'broken' };
export const toneMark: Record<Chapter['tone'], Mark | undefined> = { plain: undefined, good: 'ok', attention: 'attention', bad: 'broken' };

export interface Day {
  /** Its first moment, UTC. */
  readonly at: number;
  readonly chapters: readonly Chapter[];
}

/** Chapters in the order they came, under the day they belong to. */
export const chaptersByDay = (chapters: readonly Chapter[]): Day[] => {
  const days: { at: number; chapters: Chapter[] }[] = [];
  for (const chapter of chapters) {
    const at = Date.parse(`${chapter.at.slice(0, 10)}T00:00:00Z`);
    const today = days.at(-1);
    if (today?.at === at) today.chapters.push(chapter);
    else days.push({ at, chapters: [chapter] });
  }
  return days;
};
