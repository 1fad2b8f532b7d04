import type { Alert } from '@boucle/contract';
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { client } from '../../app/client.ts';
import { useI18n } from '../../i18n/i18n.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { shortId } from '../../ui/shorten.ts';
import { type Mark, StatusMark } from '../../ui/status.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useMonitoringWords } from './use-monitoring-words.ts';

interface AlertCardProps {
  readonly project: string;
  readonly alert: Alert;
  readonly isChosen: boolean;
  readonly onChange: () => void;
}

const markOf = ({ status, acknowledged, severity }: Alert): Mark => {
  if (status === 'resolved') return 'ok';
  return acknowledged || severity === 'info' ? 'attention' : 'broken';
};

/** What fired, what it rests on, what can be done, and who looks after it. */
export const AlertCard = ({ project, alert, isChosen, onChange }: AlertCardProps) => {
  const { t, f } = useI18n();
  const { alerts: words } = useMonitoringWords();
  const [isAsking, setIsAsking] = useState(false);
  const card = useRef<HTMLElement>(null);
  const now = useNow(30_000);
  useEffect(() => {
    if (isChosen) card.current?.scrollIntoView({ block: 'nearest' });
  }, [isChosen]);
  const firedAt = Date.parse(alert.firedAt);
  const { acknowledged } = alert;
  return (
    <article ref={card} className={isChosen ? 'alert alert-chosen' : 'alert'} aria-label={alert.rule}>
      <StatusMark mark={markOf(alert)} size={17} />
      <div className="alert-text">
        <div className="alert-head">
          <h3 className="alert-rule">
            {alert.rule}
            {Object.entries(alert.group).map(([name, value]) => (
              <span key={name} className="alert-group">
                {name} {value}
              </span>
            ))}
          </h3>
          {alert.status === 'firing' && !acknowledged && (
            <Button variant="default" onClick={() => setIsAsking(true)}>
              {words.acknowledge}
            </Button>
          )}
        </div>
        <p className="alert-message">
          <ServerText text={alert.message} />
        </p>
        <p className="alert-facts num">
          <span>
            {words.severity[alert.severity]}, {words.status[alert.status]}
          </span>
          <time dateTime={alert.firedAt} title={f.moment(firedAt)}>
            {alert.resolvedAt === null
              ? words.since(f.dayHour(firedAt), t.ago(f.ago(firedAt, now)))
              : words.lasted(f.dayHour(firedAt), f.duration((Date.parse(alert.resolvedAt) - firedAt) / 1000))}
          </time>
          {alert.late && <span>{words.late}</span>}
          {alert.told === 'nothing' ? (
            <span>{words.silenced}</span>
          ) : (
            alert.channels.length > 0 && <span>{words.told(alert.channels)}</span>
          )}
          <Link to="/p/$project/stories/$id" params={{ project, id: alert.correlationId }} className="text-link">
            {words.story}
          </Link>
        </p>
        {acknowledged && (
          <p className="alert-facts num">
            {words.by(acknowledged.by, f.dayHour(Date.parse(acknowledged.at)))} {acknowledged.comment && <q>{acknowledged.comment}</q>}
          </p>
        )}
        {alert.resolution !== null && (
          <p className="alert-facts">
            <ServerText text={alert.resolution} />
          </p>
        )}
        {alert.status === 'firing' && (alert.advice !== null || alert.actions.length > 0) && (
          <div className="alert-advice">
            <strong>{words.advice}</strong> {alert.advice !== null && <ServerText text={alert.advice} />}
            {alert.actions.length > 0 && (
              <ul className="alert-actions plain-list">
                {alert.actions.map(({ label, command, path }) => (
                  <li key={`${label} ${command} ${path}`}>
                    {path === undefined ? (
                      <ServerText text={label} />
                    ) : (
                      <a href={path} className="text-link">
                        <ServerText text={label} />
                      </a>
                    )}
                    {command !== undefined && <CopyText text={command} />}
                  </li>
                ))}
              </ul>
            )}
          </div>
        )}
        <Evidence project={project} alert={alert} />
      </div>
      {isAsking && (
        <ReasonDialog
          title={words.acknowledgeTitle(alert.rule)}
          label={words.comment}
          hint={words.commentHint}
          act={words.acknowledge}
          cancel={words.keep}
          onAct={async (comment) => {
            await client.alerts.acknowledge({ params: { project, alertId: alert.id }, body: { comment } });
            onChange();
          }}
          onClose={() => setIsAsking(false)}
        >
          <ul className="dialog-list">
            {words.follows.map((what) => (
              <li key={what}>{what}</li>
            ))}
          </ul>
        </ReasonDialog>
      )}
    </article>
  );
};

const shownRecords = 5;
const Evidence = ({ project, alert: { evidence } }: { project: string; alert: Alert }) => {
  const { f } = useI18n();
  const { alerts: words, windows } = useMonitoringWords();
  const { first, records, window, from, to } = evidence;
  if (records === 0 && window === null) return null;
  const span = from !== null && to !== null && windows.span(f.span(Date.parse(from), Date.parse(to)));
  return (
    <p className="alert-facts num">
      <span>{words.evidence}</span>
      {records > 0 && <span>{words.records(f.number(records), records)}</span>}
      {span && <span>{span}</span>}
      {window && (
        <Link to="/p/$project/monitoring" params={{ project }} search={{ window: window.id }} className="text-link">
          {words.window}
        </Link>
      )}
      {first.slice(0, shownRecords).map((id) => (
        <a
          key={id}
          href={`/api/v1/projects/${encodeURIComponent(project)}/predictions/${encodeURIComponent(id)}`}
          className="text-link mono"
        >
          {shortId(id)}
        </a>
      ))}
    </p>
  );
};
