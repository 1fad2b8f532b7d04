import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

/**
 * How many runs have come since the rows were read. What was counted then is kept beside the rows: they are shown again, as they were, to whoever
 * comes back to the page.
 */
export const useFresh = (rowsKey: QueryKey, readAt: number | undefined, found: number | undefined): number => {
  const queries = useQueryClient();
  const key = ['counted', ...rowsKey];
  const hash = JSON.stringify([key, readAt]);
  const [first, setFirst] = useState<{ readonly hash: string; readonly found: number }>();
  useEffect(() => {
    if (readAt === undefined || found === undefined) return;
    const known = queries.getQueryData<{ at: number; found: number }>(key);
    if (known?.at !== readAt) queries.setQueryData(key, { at: readAt, found });
    setFirst({ hash, found: known?.at === readAt ? known.found : found });
    // Counted once for each reading of the rows.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [hash, found === undefined]);
  return first?.hash === hash && found !== undefined ? Math.max(0, found - first.found) : 0;
};
