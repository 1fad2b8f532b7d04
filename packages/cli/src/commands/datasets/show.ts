import { findDatasetVersion } from '../../dataset-reference.ts';
import { datasetFacts } from '../../render/dataset.ts';
import { clip, count, measure, time, value } from '../../terminal/format.ts';
import { table } from '../../terminal/table.ts';
import type { Verb } from '../../verb.ts';

export const showDataset: Verb = (command, { client, paint, show, inProject, url }) =>
  command.argument('<name>[@version]', 'The dataset; its latest version where no number is said').action(async (reference: string) => {
    const version = await findDatasetVersion(client, await inProject(), reference);
    show(version, () =>
      [
        `${paint('bold', `${version.dataset}@${version.number}`)}  ${time(version.createdAt)}`,
        datasetFacts(version, paint, url),
        '',
        table(
          version.columns,
          {
            column: ({ name }) => name,
            type: ({ type }) => type,
            nulls: ({ nulls }) => nulls,
            distinct: ({ distinct }) => distinct,
            mean: ({ mean }) => (mean === null ? '' : measure(mean)),
            'most frequent': ({ top }) =>
              top
                .slice(0, 3)
                .map((one) => `${clip(value(one.value), 24)} ×${count(one.count)}`)
                .join(', '),
          },
          paint,
        ),
      ].join('\n'),
    );
  });
