import { AppError, type BlobDigest, type TreeDigest } from '@boucle/contract';
import type { Datasets } from '../datasets/index.ts';
import type { Blobs } from '../platform/blobs/index.ts';

const pageRows = 20_000;

/** Tables that steps left in their folders, for those who read rows. */
export const createStoredTables = ({ blobs, datasets }: { blobs: Blobs; datasets: Pick<Datasets, 'tables'> }) => {
  const parquetOf = async (tree: string): Promise<BlobDigest> => {
    const file = (await blobs.tree(tree as TreeDigest)).find(({ path }) => path.endsWith('.parquet'));
    if (!file) throw new AppError('not_found', 'This artifact holds no table', { reason: 'no_table' });
    return file.blob;
  };
  return {
    parquetOf,
    firstRows: async (tree: string, limit: number) => datasets.tables.sample(await parquetOf(tree), { offset: 0, limit }),
    pages: async function* (tree: string) {
      const blob = await parquetOf(tree);
      for (let offset = 0; ; offset += pageRows) {
        const page = await datasets.tables.sample(blob, { offset, limit: pageRows });
        yield page;
        if (page.length < pageRows) return;
      }
    },
  };
};
export type StoredTables = ReturnType<typeof createStoredTables>;
