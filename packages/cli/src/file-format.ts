import { extname } from 'node:path';
import type { IngestOptions } from '@boucle/contract';

type Format = NonNullable<IngestOptions['format']>;
const formats: Readonly<Record<string, Format>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.tab': 'tsv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.parquet': 'parquet',
};

/** What the name of a file says of it; where it says nothing, its content is asked. */
export const formatOf = (file: string): Format | undefined => formats[extname(file).toLowerCase()];
