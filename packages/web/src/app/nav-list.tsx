import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useI18n } from '../i18n/i18n.tsx';
import { Icon } from '../ui/icon.tsx';
import { pages } from './pages.ts';

/** Only what is there to be seen; pages join as they come. */
export const NavList = ({ project }: { project: string }) => {
  const { t } = useI18n();
  return (
    <nav aria-label={t.app.mainNav} className="shell-nav">
      <div className="nav-group">
        <div className="nav-title rail-hide" aria-hidden="true">
          {t.app.loopSection}
        </div>
        <ul aria-label={t.app.loopSection}>
          {pages.map((page) => (
            <li key={page}>
              <Tooltip label={t.nav[page]} position="right" classNames={{ tooltip: 'nav-tip' }}>
                <Link to={`/p/$project/${page}`} params={{ project }} className="nav-link" activeProps={{ className: 'nav-link-active' }}>
                  <Icon name={page} size={17} />
                  <span className="nav-label rail-hide">{t.nav[page]}</span>
                </Link>
              </Tooltip>
            </li>
          ))}
        </ul>
      </div>
      <div className="nav-group">
        <div className="nav-title rail-hide" aria-hidden="true">
          {t.app.moreSection}
        </div>
        <ul aria-label={t.app.moreSection}>
          <li>
            <Tooltip label={t.app.openapi} position="right" classNames={{ tooltip: 'nav-tip' }}>
              <a href="/openapi.json" className="nav-link">
                <Icon name="api" size={17} />
                <span className="nav-label rail-hide">{t.app.openapi}</span>
                <span className="rail-hide">
                  <Icon name="out" size={14} />
                </span>
              </a>
            </Tooltip>
          </li>
        </ul>
      </div>
    </nav>
  );
};
