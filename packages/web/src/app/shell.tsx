import { Outlet, useParams } from '@tanstack/react-router';
import { useI18n } from '../i18n/i18n.tsx';
import { NavList } from './nav-list.tsx';
import { ProjectSwitcher } from './project-switcher.tsx';
import { SystemLine } from './system-line.tsx';
import { TopBar } from './top-bar.tsx';
import './shell.css';

export const Shell = () => {
  const { t } = useI18n();
  const { project = 'default' } = useParams({ strict: false });
  return (
    <div className="shell">
      <a href="#main" className="skip-link">
        {t.app.skip}
      </a>
      <aside className="shell-side" aria-label={t.app.side}>
        <div className="shell-brand">
          <img src="/mark.svg" alt="" width={22} height={22} />
          <span className="rail-hide">Boucle</span>
        </div>
        <ProjectSwitcher project={project} />
        <NavList project={project} />
        <SystemLine />
      </aside>
      <TopBar project={project} />
      <main id="main" tabIndex={-1} className="shell-main">
        <Outlet />
      </main>
    </div>
  );
};
