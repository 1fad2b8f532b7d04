import { useI18n } from '../../i18n/i18n.tsx';
import type { Connection } from '../../live/watched-fetch.ts';
import { StatusMark } from '../../ui/status.tsx';
import './connection-line.css';

const marks = { connecting: 'idle', live: 'ok', lost: 'attention' } as const;

/** Whether the page tells the present, and which moment it tells. */
export const ConnectionLine = ({ connection, at }: { connection: Connection; at: number }) => {
  const { t, f } = useI18n();
  return (
    <span className={`connection connection-${connection} num`}>
      {connection === 'live' ? <span className="connection-dot" aria-hidden="true" /> : <StatusMark mark={marks[connection]} size={14} />}
      <span>
        <strong role="status">{t.live[connection]}</strong> {t.live.asOf(f.time(at))}
      </span>
    </span>
  );
};
