import type { ReactNode } from 'react';
import './status.css';

/** How a thing is doing; `reused` is a step whose outputs were held already. */
export type Mark = 'ok' | 'attention' | 'broken' | 'running' | 'idle' | 'reused' | 'stopped';

/** Each has a silhouette of its own, so that it is told apart in grey, too: disc, triangle, octagon, turning ring, dashed ring, open ring, bar. */
const shapes: Record<Mark, ReactNode> = {
  ok: (
    <>
      <circle cx="8" cy="8" r="7" className="status-body" />
      <path d="m4.8 8.2 2.2 2.2 4.2-4.6" className="status-sign" />
    </>
  ),
  attention: (
    <>
      <path d="M8 1.3 15.2 14.2H.8Z" className="status-body" />
      <path d="M8 6v3.6M8 11.7v.1" className="status-sign" />
    </>
  ),
  broken: (
    <>
      <path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1Z" className="status-body" />
      <path d="m5.6 5.6 4.8 4.8M10.4 5.6l-4.8 4.8" className="status-sign" />
    </>
  ),
  running: (
    <>
      <circle cx="8" cy="8" r="6.2" className="status-track" />
      <path d="M8 1.8A6.2 6.2 0 0 1 14.2 8" className="status-arc" />
      <circle cx="8" cy="8" r="2" className="status-body" />
    </>
  ),
  idle: <circle cx="8" cy="8" r="6.2" className="status-track" strokeDasharray="2.6 2.270" />,
  reused: (
    <>
      <circle cx="8" cy="8" r="6.3" className="status-ring" />
      <path d="m5 8.2 2.1 2.1 3.9-4.3" className="status-line" />
    </>
  ),
  stopped: (
    <>
      <circle cx="8" cy="8" r="6.3" className="status-ring" />
      <path d="M5.2 8h5.6" className="status-line" />
    </>
  ),
};

export const StatusMark = ({ mark, size = 16, label }: { mark: Mark; size?: number; label?: string }) => (
  <svg
    className={`status-mark status-${mark}`}
    width={size}
    height={size}
    viewBox="0 0 16 16"
    {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
  >
    {shapes[mark]}
  </svg>
);
