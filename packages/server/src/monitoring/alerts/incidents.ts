import { type Action, type Alert, type AlertNews, AppError, type DeclaredMonitor, notFound } from '@boucle/contract';
import type { Actor, ProjectRef } from '../../governance/index.ts';
import type { Notifications } from '../../notifications/index.ts';
import { type Clock, type Events, newId, type Tx } from '../../platform/index.ts';
import { alertStore } from './alert-store.ts';
import type { Move } from './fold.ts';
import { silenceStore } from './silence-store.ts';
import { isSilenced } from './silenced.ts';

interface Parts {
  readonly events: Events;
  readonly clock: Clock;
  readonly notifications: Pick<Notifications, 'send'>;
}

interface Ended {
  readonly id: string;
  /** Why, where that is not because the rule holds no more. */
  readonly resolution: string | null;
}

/** Alerts as records: begun, ended, told. Each change, its news and its messages are parts of the caller's write. */
export const createIncidents = ({ events, clock, notifications }: Parts) => {
  /** Tells the channels what they do not know yet, unless a silence says not to. */
  const tell = async (tx: Tx, project: ProjectRef, alert: Alert): Promise<Alert> => {
    const about = alert.status === 'firing' ? 'firing' : 'resolved';
    const isOwed = about === 'firing' ? alert.told === 'nothing' : alert.told === 'firing';
    if (!isOwed) return alert;
    const now = clock.now();
    const labels = labelsOf(alert);
    if (isSilenced(await silenceStore(tx, project).notEnded(now.toISOString()), labels, now)) return alert;
    const { id: alertId, message, advice, actions, firedAt, resolvedAt, resolution, correlationId, channels } = alert;
    const news: AlertNews = {
      alertId,
      about,
      labels,
      message: about === 'firing' ? message : `${resolution ?? 'It holds no more'}: ${message}`,
      advice: about === 'firing' ? advice : null,
      path: pathOf(alert),
      actions: about === 'firing' ? actions : [],
      startsAt: firedAt,
      endsAt: resolvedAt,
    };
    await notifications.send(tx, { project, channels, news, correlationId });
    const told: Alert = { ...alert, told: about };
    await alertStore(tx, project).put(told);
    return told;
  };
  const subjectOf = ({ id }: Alert) => ({ type: 'alert', id });

  const resolve = async (tx: Tx, project: ProjectRef, { id, resolution }: Ended): Promise<void> => {
    const store = alertStore(tx, project);
    const before = await store.lock(id);
    if (!before || before.status !== 'firing') return;
    const now = clock.now();
    const alert: Alert = { ...before, status: 'resolved', resolvedAt: now.toISOString(), resolution };
    await store.put(alert);
    const { monitor, endpoint, rule, group, correlationId } = alert;
    const seconds = Math.max(0, (now.getTime() - Date.parse(alert.firedAt)) / 1000);
    const data = { alertId: id, monitor, endpoint, rule, group, seconds };
    await events.record(tx, { type: 'alert.resolved', project, subject: subjectOf(alert), actor: 'system', correlationId, data });
    await tell(tx, project, alert);
  };

  return {
    /** Carries out what a rule decided. */
    carryOut: async (tx: Tx, { project, monitor, move }: { project: ProjectRef; monitor: DeclaredMonitor; move: Move }): Promise<void> => {
      const { rule, group, effect, resolution } = move;
      const store = alertStore(tx, project);
      if (effect === 'resolve') {
        for (const id of await store.firing(monitor.name, { rule: rule.name, groupKey: group.key }))
          await resolve(tx, project, { id, resolution });
        return;
      }
      const id = newId();
      const correlationId = move.correlationId ?? newId();
      const alert: Alert = {
        id,
        project: project.name,
        monitor: monitor.name,
        endpoint: monitor.endpoint,
        rule: rule.name,
        kind: rule.kind,
        group: group.values,
        severity: rule.severity,
        status: 'firing',
        message: move.message,
        advice: rule.spec.advice ?? null,
        actions: actionsOf(id, monitor, move),
        evidence: move.evidence,
        late: move.late,
        firedAt: clock.now().toISOString(),
        resolvedAt: null,
        resolution: null,
        acknowledged: null,
        channels: [...rule.spec.notify],
        told: 'nothing',
        correlationId,
      };
      await store.insert(alert, group.key);
      const data = {
        alertId: id,
        monitor: monitor.name,
        endpoint: monitor.endpoint,
        rule: rule.name,
        group: group.values,
        severity: rule.severity,
        message: move.message,
        windowId: move.evidence.window?.id ?? null,
      };
      await events.record(tx, { type: 'alert.fired', project, subject: subjectOf(alert), actor: 'system', correlationId, data });
      await tell(tx, project, alert);
    },
    resolve,
    /** While an alert fires, its records go on. */
    keepEvidence: async (
      tx: Tx,
      {
        project,
        monitor,
        rule,
        groupKey,
        evidence,
      }: {
        project: ProjectRef;
        monitor: string;
        rule: string;
        groupKey: string;
        evidence: Pick<Alert['evidence'], 'first' | 'last' | 'records'>;
      },
    ): Promise<void> => {
      const store = alertStore(tx, project);
      for (const id of await store.firing(monitor, { rule, groupKey })) {
        const alert = await store.lock(id);
        if (alert) await store.put({ ...alert, evidence: { ...alert.evidence, ...evidence } });
      }
    },
    /** After a silence has ended: what is still so is told now. */
    tellOwed: async (tx: Tx, project: ProjectRef): Promise<void> => {
      const store = alertStore(tx, project);
      for (const id of await store.untold()) {
        const alert = await store.lock(id);
        if (alert) await tell(tx, project, alert);
      }
    },
    acknowledge: async (tx: Tx, { project, id: by }: Actor, { alertId, comment }: { alertId: string; comment: string }): Promise<Alert> => {
      const store = alertStore(tx, project);
      const before = await store.lock(alertId);
      if (!before) throw notFound('alert', alertId);
      if (before.status === 'resolved')
        throw new AppError('failed_precondition', `Alert ${alertId} is over since ${before.resolvedAt}: there is nothing to acknowledge`, {
          reason: 'alert_resolved',
        });
      const alert: Alert = { ...before, acknowledged: { by, at: clock.now().toISOString(), comment } };
      await store.put(alert);
      const data = { alertId, rule: alert.rule, comment };
      await events.record(tx, {
        type: 'alert.acknowledged',
        project,
        subject: subjectOf(alert),
        actor: by,
        correlationId: alert.correlationId,
        data,
      });
      return alert;
    },
  };
};
export type Incidents = ReturnType<typeof createIncidents>;

/** Groups come first: a column called `severity` does not hide the alert's own. */
const labelsOf = ({ project, monitor, endpoint, rule, severity, group }: Alert): Record<string, string> => ({
  ...group,
  alertname: rule,
  severity,
  project,
  monitor,
  endpoint,
});
const pathOf = ({ project, id }: Pick<Alert, 'project' | 'id'>): string => `/p/${encodeURIComponent(project)}/alerts/${id}`;

/** What can be done, as commands that can be run as they stand. */
const actionsOf = (id: string, { endpoint, retrain }: DeclaredMonitor, { rule, evidence }: Move): Action[] => {
  const actions: Action[] = [{ label: 'See the evidence', command: `boucle alerts show ${id}` }];
  const newest = evidence.last.at(-1);
  if (newest !== undefined) actions.push({ label: 'Follow one of its predictions', command: `boucle trace ${newest}` });
  if (rule.kind === 'latency' || rule.kind === 'errorRate' || rule.kind === 'noData')
    actions.push({ label: 'Look at what answers', command: `boucle endpoints show ${endpoint}` });
  if ((rule.kind === 'drift' || rule.kind === 'kpi') && retrain)
    actions.push({ label: 'Train anew', command: `boucle pipelines run ${retrain.pipeline}` });
  actions.push({ label: 'Say that you look after it', command: `boucle alerts ack ${id} --comment "…"` });
  return actions;
};
