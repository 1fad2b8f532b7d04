import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import './state.css';

/** Says what would be here, and the one next step. */
export const Empty = ({ icon, title, body, children }: { icon: IconName; title: string; body: string; children?: ReactNode }) => (
  <div className="state-box">
    <span className="state-icon">
      <Icon name={icon} size={22} />
    </span>
    <h1 className="state-title">{title}</h1>
    <p className="state-text">{body}</p>
    {children && <div className="state-action">{children}</div>}
  </div>
);
