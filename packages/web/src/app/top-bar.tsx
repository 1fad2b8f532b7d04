import { SegmentedControl } from '@mantine/core';
import { useLocation } from '@tanstack/react-router';
import { type Language, useI18n } from '../i18n/i18n.tsx';
import { pageOf } from './pages.ts';
import { ColorSchemeSwitch } from './color-scheme-switch.tsx';

const languages: { value: Language; label: string }[] = [
  { value: 'en', label: 'EN' },
  { value: 'fr', label: 'FR' },
];

export const TopBar = ({ project }: { project: string }) => {
  const { t, language, setLanguage } = useI18n();
  const here = pageOf(useLocation({ select: ({ pathname }) => pathname }));
  return (
    <header className="top-bar">
      <div className="top-place clip">
        <span className="quiet">{project}</span>
        <span className="quiet top-slash" aria-hidden="true">
          /
        </span>
        <span className="top-here">{t.nav[here]}</span>
      </div>
      <SegmentedControl aria-label={t.app.language} value={language} onChange={setLanguage} data={languages} />
      <ColorSchemeSwitch />
    </header>
  );
};
