import type { Chapter, Story, StorySummary } from '@boucle/contract';
import { plural, time } from '../terminal/format.ts';
import type { Paint } from '../terminal/paint.ts';

const colours = { plain: 'dim', good: 'green', attention: 'yellow', bad: 'red', running: 'cyan' } as const;
const marks = { plain: '·', good: '✓', attention: '!', bad: '✗', running: '…' } as const;
const outcomes = {
  running: 'it is still going on',
  good: 'it ended well',
  attention: 'somebody should look at it',
  bad: 'it ended badly',
} as const;

/** An account, day by day: one sentence a line, and below it where it can be checked. */
export const storyText = ({ title, state, chapters }: Story, paint: Paint): string => {
  const lines: string[] = [paint('bold', title)];
  let day = '';
  for (const chapter of chapters) {
    const [date, hour] = time(chapter.at).split(' ');
    if (date !== day) lines.push('', paint('dim', (day = date!)));
    lines.push(
      `  ${paint('dim', hour!)}  ${paint(colours[chapter.tone], marks[chapter.tone])} ${chapter.sentence}`,
      ...evidenceLines(chapter, paint),
    );
  }
  return [...lines, '', `${plural(chapters.length, 'chapter')}; ${outcomes[state]}.`].join('\n');
};

const evidenceLines = ({ evidence }: Chapter, paint: Paint): string[] =>
  evidence.map(({ href }) => paint('dim', `${' '.repeat(15)}${href}`));

export const storyLine = ({ correlationId, title, state, to }: StorySummary, paint: Paint): string =>
  `${paint(colours[state], marks[state])} ${correlationId}  ${paint('dim', time(to))}  ${title}`;
