import { useI18n } from '../i18n/i18n.tsx';

/** What the server wrote in words. It writes English: a screen reader must pronounce it so, whatever the page's language. */
export const ServerText = ({ text }: { text: string }) => {
  const { language } = useI18n();
  return language === 'en' ? text : <span lang="en">{text}</span>;
};
