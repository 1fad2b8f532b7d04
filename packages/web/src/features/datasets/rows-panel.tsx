import type { DatasetVersion } from '@boucle/contract';
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { CellValue } from './cell.tsx';
import { shortCell } from './cell-text.ts';
import { rowsPerPage, rowsQuery, type VersionName } from './queries.ts';
import { ScrollBox } from './scroll-box.tsx';
import { useDataWords } from './use-data-words.ts';

/** More are another place's work: a browser with a million cells reads none of them well. */
const columnsShown = 40;

/** The rows themselves, a page at a time, in the order of the file. */
export const RowsPanel = ({ name, version }: { name: VersionName; version: DatasetVersion }) => {
  const { f } = useI18n();
  const { rows: words } = useDataWords();
  const search = useSearch({ from: '/p/$project/data/$dataset/$number' });
  const offset = Math.min((search.from ?? 1) - 1, Math.max(0, version.rows - 1));
  const page = useQuery(rowsQuery(name, offset));
  const columns = version.columns.slice(0, columnsShown);
  const last = Math.min(version.rows, offset + rowsPerPage);
  const note = words.note(f.number(offset + 1), f.number(last), f.number(version.rows));
  const wide = version.columns.length > columnsShown && words.wide(f.number(columnsShown), f.number(version.columns.length));
  return (
    <Panel
      title={words.title}
      note={[note, wide].filter(Boolean).join(', ')}
      actions={
        <>
          {offset > 0 && <PageLink name={name} from={Math.max(1, offset + 1 - rowsPerPage)} text={words.earlier} />}
          {last < version.rows && <PageLink name={name} from={last + 1} text={words.later} />}
        </>
      }
    >
      {page.error ? (
        <Problem error={page.error} onRetry={() => void page.refetch()} />
      ) : page.data ? (
        <ScrollBox label={words.table} isBusy={page.isPlaceholderData}>
          <table className="table rows-table">
            <thead>
              <tr>
                <th scope="col">{words.id}</th>
                {columns.map(({ name: column, type }) => (
                  <th key={column} scope="col" className={isNumber(type) ? 'cell-number' : undefined}>
                    <bdi title={column.length > 40 ? column.slice(0, 2000) : undefined}>{shortCell(column, 40)}</bdi>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {page.data.items.map((row) => (
                <tr key={String(row['_row'])}>
                  <th scope="row" className="mono quiet" title={String(row['_row'])}>
                    {String(row['_row']).slice(0, 8)}
                  </th>
                  {columns.map(({ name: column, type }) => (
                    <td key={column} className={isNumber(type) ? 'num cell-number' : undefined}>
                      <CellValue value={row[column]} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      ) : (
        <Skeleton height={220} />
      )}
    </Panel>
  );
};

const isNumber = (type: string): boolean => type === 'int' || type === 'float' || type.startsWith('decimal');

const PageLink = ({ name, from, text }: { name: VersionName; from: number; text: string }) => (
  <Link
    to="/p/$project/data/$dataset/$number"
    params={{ ...name, number: String(name.number) }}
    search={({ from: _from, ...rest }) => ({ ...rest, ...(from > 1 && { from }) })}
    resetScroll={false}
    className="text-link"
  >
    {text}
  </Link>
);
