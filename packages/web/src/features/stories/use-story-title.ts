import { useWords } from '../../i18n/use-words.ts';
import { storyTitle } from './story-title.ts';
import { en } from './words-en.ts';
import { fr } from './words-fr.ts';

/** A story's title in the reader's language, else as the server wrote it. */
export const useStoryTitle = (): ((title: string) => string) => {
  const words = useWords({ en, fr });
  return (title) => {
    const told = storyTitle(title);
    return (told && words.title(told)) ?? title;
  };
};
