import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { projectsQuery } from '../../live/queries.ts';
import { Empty } from '../../ui/empty.tsx';
import './unknown-project.css';

/** An address that names no project leads on to those that are. */
export const UnknownProject = ({ project }: { project: string }) => {
  const { t } = useI18n();
  const { data } = useQuery(projectsQuery);
  const projects = data?.items ?? [];
  return (
    <Empty icon="compass" title={t.unknown.title(project)} body={data && projects.length === 0 ? t.unknown.none : t.unknown.body}>
      <ul className="unknown-projects">
        {projects.map(({ name }) => (
          <li key={name}>
            <Button variant="default" renderRoot={(props) => <Link {...props} to="/p/$project/overview" params={{ project: name }} />}>
              {t.unknown.back(name)}
            </Button>
          </li>
        ))}
      </ul>
    </Empty>
  );
};

export const UnknownPage = () => {
  const { t } = useI18n();
  return (
    <Empty icon="compass" title={t.unknown.page} body={t.unknown.pageBody}>
      <Button variant="default" renderRoot={(props) => <Link {...props} to="/" />}>
        {t.unknown.home}
      </Button>
    </Empty>
  );
};
