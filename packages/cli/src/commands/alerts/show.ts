import { id } from '../../arguments.ts';
import { time } from '../../terminal/format.ts';
import { facts } from '../../terminal/table.ts';
import type { Verb } from '../../verb.ts';

const shownOf = 10;

export const showAlert: Verb = (command, { client, paint, show, inProject }) =>
  command.argument('<alert>', 'Its id', id).action(async (alertId: string) => {
    const alert = await client.alerts.get({ params: { ...(await inProject()), alertId } });
    const { evidence, acknowledged, group, actions } = alert;
    show(alert, () =>
      [
        `${paint('bold', alert.rule)} ${alert.status}, ${alert.severity}`,
        alert.message,
        '',
        facts(
          {
            id: alertId,
            endpoint: alert.endpoint,
            monitor: alert.monitor,
            group: Object.entries(group)
              .map(([name, value]) => `${name} ${value}`)
              .join(', '),
            fired: `${time(alert.firedAt)}${alert.late ? ', by records that came late' : ''}`,
            resolved: time(alert.resolvedAt),
            because: alert.resolution,
            acknowledged: acknowledged && `${time(acknowledged.at)} by ${acknowledged.by}: ${acknowledged.comment}`,
            told: alert.channels.length === 0 ? 'nobody' : `${alert.channels.join(', ')} (${alert.told})`,
            records: evidence.records === 0 ? null : evidence.records,
            window: evidence.window && `${evidence.window.id}, version ${evidence.window.version}`,
            predictions: evidence.last.slice(-shownOf).join('\n'),
            advice: alert.advice,
            story: alert.correlationId,
          },
          paint,
        ),
        '',
        ...actions.map(({ label, command: what, path }) => `${label}: ${what ?? path ?? ''}`),
      ].join('\n'),
    );
  });
