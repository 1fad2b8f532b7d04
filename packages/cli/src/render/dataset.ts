import type { DatasetVersion } from '@boucle/contract';
import { bytes, count, plural, short } from '../terminal/format.ts';
import type { Paint } from '../terminal/paint.ts';
import { facts } from '../terminal/table.ts';

export const datasetFacts = ({ digest, rows, bytes: size, columns, key, repeatedKeys, source }: DatasetVersion, paint: Paint): string =>
  facts(
    {
      digest: short(digest),
      rows: count(rows),
      columns: columns.map(({ name, type }) => `${name} ${type}`).join(', '),
      key: key.join(', '),
      'repeated keys': repeatedKeys > 0 ? ['yellow', `${plural(repeatedKeys, 'row')} whose key an earlier row has; kept`] : undefined,
      stored: `${bytes(size)} of Parquet`,
      source,
    },
    paint,
  );
