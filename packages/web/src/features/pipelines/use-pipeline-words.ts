import { useWords } from '../../i18n/use-words.ts';
import { en } from './words-en.ts';
import { fr } from './words-fr.ts';

export const usePipelineWords = () => useWords({ en, fr });
