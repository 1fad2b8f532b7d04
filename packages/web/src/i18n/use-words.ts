import { type Language, useI18n } from './i18n.tsx';

/** The words of one page travel with it, so that the first load carries none of them. */
export const useWords = <Words>(words: Readonly<Record<Language, Words>>): Words => words[useI18n().language];
