import { Menu, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useI18n } from '../i18n/i18n.tsx';
import { projectsQuery } from '../live/queries.ts';
import { Icon } from '../ui/icon.tsx';

export const ProjectSwitcher = ({ project }: { project: string }) => {
  const { t } = useI18n();
  const navigate = useNavigate();
  const { data } = useQuery(projectsQuery);
  const projects = data?.items ?? [];
  return (
    <Menu position="bottom-start" width={230} withinPortal>
      <Menu.Target>
        <UnstyledButton className="project-switch">
          <VisuallyHidden>{t.app.switchProject}</VisuallyHidden>
          <span className="project-letters" aria-hidden="true">
            {project.slice(0, 2).toUpperCase()}
          </span>
          <span className="project-name clip rail-hide">{project}</span>
          <span className="rail-hide quiet project-updown">
            <Icon name="updown" size={14} />
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t.app.project}</Menu.Label>
        {projects.map(({ name }) => (
          <Menu.Item
            key={name}
            onClick={() => void navigate({ to: '/p/$project/overview', params: { project: name } })}
            rightSection={name === project ? <Icon name="check" size={14} /> : undefined}
          >
            {name}
          </Menu.Item>
        ))}
        {projects.length === 0 && <Menu.Label>{t.unknown.none}</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
};
