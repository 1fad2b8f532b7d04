import { id } from '../../arguments.ts';
import { runFacts } from '../../render/run.ts';
import { bytes, measure, short } from '../../terminal/format.ts';
import { table } from '../../terminal/table.ts';
import type { Verb } from '../../verb.ts';

export const showRun: Verb = (command, { client, paint, show, inProject }) =>
  command.argument('<run>', 'The id of the run', id).action(async (runId: string) => {
    const params = { ...(await inProject()), runId };
    const [run, { items: artifacts }] = await Promise.all([
      client.runs.get({ params }),
      client.runs.artifacts.list({ params, query: { limit: 500 } }),
    ]);
    show({ ...run, artifacts }, () => {
      const metrics = Object.entries(run.metrics);
      return [
        `${paint('bold', run.name)}  ${run.status}`,
        runFacts(run, paint),
        ...(metrics.length > 0 ? ['', table(metrics, { metric: ([key]) => key, 'last value': ([, last]) => measure(last) }, paint)] : []),
        ...(artifacts.length > 0
          ? [
              '',
              table(
                artifacts,
                {
                  artifact: ({ path, kind }) => (kind === 'folder' ? `${path}/` : path),
                  size: ({ size }) => (size === null ? '' : bytes(size)),
                  digest: ({ blob }) => (blob === null ? '' : short(blob)),
                },
                paint,
              ),
            ]
          : []),
      ].join('\n');
    });
  });
