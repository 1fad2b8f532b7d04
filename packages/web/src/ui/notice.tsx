import type { ReactNode } from 'react';
import { type Mark, StatusMark } from './status.tsx';
import './state.css';

/** Something the reader must know while the content stays readable. */
export const Notice = ({ mark, title, body, action }: { mark: Mark; title: string; body: ReactNode; action?: ReactNode }) => (
  <div className={`notice notice-${mark}`}>
    <StatusMark mark={mark} size={17} />
    <div className="notice-text">
      <strong>{title}</strong>
      <span>{body}</span>
    </div>
    {action}
  </div>
);
