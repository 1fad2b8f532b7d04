import type { Alert } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { AlertCard } from './alert-card.tsx';
import { alertQuery, alertsQuery } from './queries.ts';
import { useMonitoringWords } from './use-monitoring-words.ts';

const shownPast = 5;

/** What fires now, with what can be done; what fired before, folded. An alert that the address names is there whatever its age. */
export const AlertsPanel = ({ project, chosen, onChange }: { project: string; chosen: string | undefined; onChange: () => void }) => {
  const { f } = useI18n();
  const { alerts: words } = useMonitoringWords();
  const { data } = useQuery(alertsQuery(project));
  const listed = data?.items ?? [];
  const isListed = chosen === undefined || listed.some(({ id }) => id === chosen);
  const named = useQuery({ ...alertQuery(project, chosen ?? ''), enabled: data !== undefined && !isListed });
  const all: Alert[] = [...listed, ...(named.data && !isListed ? [named.data] : [])];
  const firing = all.filter(({ status }) => status === 'firing');
  const past = all.filter(({ status, id }, i) => status === 'resolved' && (i < firing.length + shownPast || id === chosen));
  const card = (alert: Alert) => (
    <li key={alert.id}>
      <AlertCard project={project} alert={alert} isChosen={alert.id === chosen} onChange={onChange} />
    </li>
  );
  return (
    <Panel title={words.title} note={words.firing(f.number(firing.length), firing.length)}>
      {all.length === 0 && <p className="quiet">{words.none}</p>}
      {firing.length > 0 && <ul className="alerts plain-list">{firing.map(card)}</ul>}
      {past.length > 0 && (
        <details className="alerts-past" open={past.some(({ id }) => id === chosen) || undefined}>
          <summary>
            {words.past} ({f.number(past.length)})
          </summary>
          <ul className="alerts plain-list">{past.map(card)}</ul>
        </details>
      )}
    </Panel>
  );
};
