import type { DeclaredDataset, IngestOptions } from '@boucle/contract';
import type { IngestOptions as Reading } from '@boucle/data';
import { checkColumns } from '../projects/index.ts';

/** How a file is read: what its sender says, and where they say nothing what the project declares for the dataset. */
export const ingestPlan = (said: IngestOptions, declared: DeclaredDataset | undefined): { reading: Reading; source: string } => {
  const columns = said.columns ?? declared?.columns ?? [];
  checkColumns(columns);
  const others = said.others ?? declared?.others;
  return {
    source: said.source ?? declared?.source ?? '',
    reading: {
      ...(said.format && { format: said.format }),
      ...(said.encoding && { encoding: said.encoding }),
      key: said.key ?? declared?.key ?? [],
      ...(columns.length > 0 && { declared: { columns, ...(others && { others }) } }),
    },
  };
};
