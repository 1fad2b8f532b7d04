import { createContext, type ReactNode, use, useMemo } from 'react';
import { en, type Messages } from './en.ts';
import { createFormat, type Format } from './format.ts';
import { fr } from './fr.ts';

export type { Messages } from './en.ts';
export type Language = 'en' | 'fr';

interface I18n {
  readonly t: Messages;
  readonly f: Format;
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}

const catalogues: Record<Language, Pick<I18n, 't' | 'f'>> = {
  en: { t: en, f: createFormat('en-GB') },
  fr: { t: fr, f: createFormat('fr-FR') },
};

const I18nContext = createContext<I18n | undefined>(undefined);

export const I18nProvider = ({ language, setLanguage, children }: Pick<I18n, 'language' | 'setLanguage'> & { children: ReactNode }) => {
  const value = useMemo(() => ({ ...catalogues[language], language, setLanguage }), [language, setLanguage]);
  return <I18nContext value={value}>{children}</I18nContext>;
};

export const useI18n = (): I18n => {
  const value = use(I18nContext);
  if (!value) throw new Error('useI18n needs an I18nProvider above it');
  return value;
};
