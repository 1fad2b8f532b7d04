import { listUpTo, withLimit } from '../../listing.ts';
import { stretch, verdictText } from '../../render/window.ts';
import { count, measure, plural, time } from '../../terminal/format.ts';
import { facts, table } from '../../terminal/table.ts';
import type { Verb } from '../../verb.ts';

export const showMonitor: Verb = (command, { client, paint, show, inProject }) =>
  withLimit(command.argument('<monitor>', 'Its name'), 20)
    .option('--all-versions', 'Windows as they were before something came late, too')
    .action(async (name: string, { limit, allVersions }: { limit: number; allVersions?: true }) => {
      const params = { ...(await inProject()), monitor: name };
      const version = allVersions ? 'all' : 'latest';
      const [monitor, { items: windows }] = await Promise.all([
        client.monitors.get({ params }),
        listUpTo(limit, (query) => client.monitors.windows({ params, query: { ...query, version } })),
      ]);
      const { declared, outside, estimates } = monitor;
      const outsiders = outside.future + outside.past + outside.late;
      show({ ...monitor, windows }, () =>
        [
          paint('bold', name),
          facts(
            {
              endpoint: monitor.endpoint,
              state: monitor.message === null ? monitor.state : `${monitor.state}: ${monitor.message}`,
              windows: `every ${declared.windows?.every ?? '1h'}, waiting ${declared.windows?.lateness ?? '5m'} for what comes late`,
              'closed until': time(monitor.watermark),
              drift: declared.drift
                ? `of ${declared.drift.columns.join(', ')}; ${declared.drift.falseAlarms} may be false`
                : 'not looked for',
              data: monitor.qualityBlocks ? 'faulty: nothing may be trained on what came last' : 'no faults in the latest window',
              estimates:
                estimates.scored === 0
                  ? 'none was held against labels yet'
                  : `${count(estimates.heldUp)} of ${count(estimates.scored)} held up against labels, off by ${measure(estimates.meanError ?? 0)} on average`,
              'in no window':
                outsiders === 0
                  ? null
                  : `${plural(outside.future, 'record')} from the future, ${count(outside.past)} from long ago, ${count(outside.late)} too late`,
            },
            paint,
          ),
          '',
          table(
            windows,
            {
              window: stretch,
              version: (window) => window.version,
              rows: ({ rows }) => count(rows),
              labelled: ({ labelled }) => count(labelled),
              found: verdictText,
              id: ({ id }) => id,
            },
            paint,
          ),
        ].join('\n'),
      );
    });
