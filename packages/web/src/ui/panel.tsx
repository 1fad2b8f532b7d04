import { Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import './panel.css';

interface PanelProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A titled surface. */
export const Panel = ({ title, note, actions, className = '', children }: PanelProps) => {
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header className="panel-head">
        <div className="panel-names">
          <Title order={2} id={id}>
            {title}
          </Title>
          {note && <div className="panel-note">{note}</div>}
        </div>
        {actions && <div className="panel-actions">{actions}</div>}
      </header>
      <div className="panel-body">{children}</div>
    </section>
  );
};

/** The head of a page: its name, the question it answers, what is true of all of it. */
export const PageHead = ({ title, lead, aside }: { title: string; lead: ReactNode; aside?: ReactNode }) => (
  <header className="page-head">
    <div className="page-names">
      <Title order={1}>{title}</Title>
      <p className="page-lead">{lead}</p>
    </div>
    {aside && <div className="page-aside">{aside}</div>}
  </header>
);
