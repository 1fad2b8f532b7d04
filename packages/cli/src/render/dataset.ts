import { api, type DatasetVersion } from '@boucle/contract';
import { bytes, count, plural, short } from '../terminal/format.ts';
import type { Paint } from '../terminal/paint.ts';
import { facts } from '../terminal/table.ts';

export const datasetFacts = (version: DatasetVersion, paint: Paint, url?: string): string => {
  const { digest, rows, bytes: size, columns, key, repeatedKeys, source } = version;
  return facts(
    {
      digest: short(digest),
      rows: count(rows),
      columns: columns.map(({ name, type }) => `${name} ${type}`).join(', '),
      key: key.join(', '),
      'repeated keys': repeatedKeys > 0 ? ['yellow', `${plural(repeatedKeys, 'row')} whose key an earlier row has; kept`] : undefined,
      stored: `${bytes(size)} of Parquet`,
      source,
      // For pandas, DuckDB and the like.
      'opens at': url === undefined ? undefined : addressOf(version, url),
    },
    paint,
  );
};

const addressOf = ({ project, dataset, number }: DatasetVersion, url: string): string =>
  `${url}${api.datasets.versions.file.path.replace(':project', project).replace(':dataset', dataset).replace(':number', String(number))}`;
