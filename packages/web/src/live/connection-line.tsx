import { useI18n } from '../i18n/i18n.tsx';
import { StatusMark } from '../ui/status.tsx';
import type { Connection } from './watched-fetch.ts';
import './connection-line.css';

const marks = { connecting: 'idle', live: 'ok', lost: 'attention' } as const;

/** Whether the page tells the present, and else which moment it tells. */
export const ConnectionLine = ({ connection, at, now }: { connection: Connection; at: number; now: number }) => {
  const { t, f } = useI18n();
  return (
    <span className={`connection connection-${connection} num`}>
      {connection === 'live' ? <span className="connection-dot" aria-hidden="true" /> : <StatusMark mark={marks[connection]} size={14} />}
      <span>
        <strong role="status">{t.live[connection]}</strong> {connection === 'live' ? t.live.at(f.time(now)) : t.live.asOf(f.time(at))}
      </span>
    </span>
  );
};
