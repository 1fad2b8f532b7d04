import { findDatasetVersion } from '../../dataset-reference.ts';
import { wholeNumber } from '../../arguments.ts';
import { withLimit } from '../../listing.ts';
import { clip, value } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly limit: number;
  readonly offset?: number;
  readonly row?: readonly string[];
}

export const showRows: Verb = (command, { client, showList, inProject }) =>
  withLimit(command.argument('<name>[@version]', 'The dataset; its latest version where no number is said'), 20)
    .option('--offset <n>', 'How many rows to leave out first', wholeNumber)
    .option('--row <identity...>', 'Rows by their identity, the column _row')
    .action(async (reference: string, { limit, offset, row }: Options) => {
      const { project, dataset, number } = await findDatasetVersion(client, await inProject(), reference);
      const query = { limit: Math.min(limit, 500), ...(offset !== undefined && { offset }), ...(row && { rows: row.join(',') }) };
      const { items } = await client.datasets.versions.rows({ params: { project, dataset, number }, query });
      const columns = Object.keys(items[0] ?? {}).map(
        (name) => [name, (item: Record<string, unknown>) => clip(value(item[name]), 60)] as const,
      );
      showList({ items, hasMore: false }, Object.fromEntries(columns), 'No such rows.');
    });
