import { InvalidArgumentError } from 'commander';
import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

export const backfillPipeline: Verb = (command, { client, showList, note, inProject }) =>
  command
    .argument('<pipeline>', 'A pipeline with a schedule')
    .requiredOption('--from <time>', 'The first due time, as in 2026-01-01 or 2026-01-01T06:00:00Z', instant)
    .requiredOption('--to <time>', 'The last due time', instant)
    .option('--dry-run', 'List what would be run, and run nothing')
    .action(async (pipeline: string, { from, to, dryRun = false }: { from: string; to: string; dryRun?: boolean }) => {
      const params = { ...(await inProject()), pipeline };
      const { items } = await client.pipelines.backfill({ params, body: { from, to, dryRun } });
      showList(
        { items, hasMore: false },
        { due: ({ due }) => time(due), status: ({ status }) => status, run: ({ pipelineRunId }) => pipelineRunId },
        'Nothing was due in this time.',
      );
      const fresh = items.filter(({ status }) => status === 'new').length;
      if (dryRun && fresh > 0) note(`${fresh} would be run. Leave --dry-run out to run them.`);
    });

const instant = (text: string): string => {
  const found = new Date(text);
  if (!Number.isNaN(found.getTime()) && /^\d{4}-\d{2}-\d{2}/.test(text)) return found.toISOString();
  throw new InvalidArgumentError('Write it as 2026-01-01 or 2026-01-01T06:00:00Z.');
};
