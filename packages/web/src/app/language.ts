import { useCallback, useState } from 'react';
import type { Language } from '../i18n/i18n.tsx';

const key = 'boucle.language';

/** The stored choice, else the browser's. `?lang=fr` wins, so that a link can carry the language. */
const firstLanguage = (): Language => {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(key) ?? navigator.language;
  return asked.startsWith('fr') ? 'fr' : 'en';
};

export const useLanguage = (): [Language, (language: Language) => void] => {
  const [language, setLanguage] = useState<Language>(() => {
    const first = firstLanguage();
    document.documentElement.lang = first;
    return first;
  });
  const choose = useCallback((next: Language) => {
    localStorage.setItem(key, next);
    document.documentElement.lang = next;
    setLanguage(next);
  }, []);
  return [language, choose];
};
