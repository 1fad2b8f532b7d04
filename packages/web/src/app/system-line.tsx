import { useQuery } from '@tanstack/react-query';
import { useI18n } from '../i18n/i18n.tsx';
import { systemQuery } from '../live/queries.ts';

/** What is running here, in one quiet line. */
export const SystemLine = () => {
  const { t } = useI18n();
  const { data } = useQuery(systemQuery);
  if (!data) return null;
  return (
    <div className="system-line rail-hide">
      Boucle {data.version}
      <br />
      {t.app.system(data.database, data.node)}
    </div>
  );
};
