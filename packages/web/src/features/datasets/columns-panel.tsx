import type { ColumnDistribution, ColumnProfile, DatasetVersion } from '@boucle/contract';
import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { CellValue } from './cell.tsx';
import { shortCell } from './cell-text.ts';
import { Histogram } from './histogram.tsx';
import { pictureOf } from './picture-of.ts';
import { profileQuery, type VersionName } from './queries.ts';
import { useDataWords } from './use-data-words.ts';

const shownFirst = 12;
const shownMore = 48;

/** What stands in each column, and how its values lie. */
export const ColumnsPanel = ({ name, version }: { name: VersionName; version: DatasetVersion }) => {
  const { f } = useI18n();
  const { columns: words, more } = useDataWords();
  const profile = useQuery(profileQuery(name));
  const search = useSearch({ from: '/p/$project/data/$dataset/$number' });
  const navigate = useNavigate({ from: '/p/$project/data/$dataset/$number' });
  const [count, setCount] = useState(shownFirst);
  const part = (search.column ?? '').toLocaleLowerCase();
  const found = version.columns.filter((column) => column.name.toLocaleLowerCase().includes(part));
  const distributions = new Map(profile.data?.columns.map((column) => [column.name, column]));
  return (
    <Panel
      title={words.title}
      note={words.note(f.number(found.length), f.number(version.columns.length))}
      actions={
        version.columns.length > shownFirst && (
          <input
            type="search"
            className="find"
            value={search.column ?? ''}
            placeholder={words.find}
            aria-label={words.find}
            onChange={({ currentTarget: { value } }) =>
              void navigate({
                search: ({ column: _column, ...rest }) => ({ ...rest, ...(value && { column: value }) }),
                replace: true,
                resetScroll: false,
              })
            }
          />
        )
      }
    >
      {profile.error && (
        <p className="with-mark quiet">
          <StatusMark mark="attention" size={14} /> {words.failed}
        </p>
      )}
      {found.length === 0 ? (
        <p className="quiet">{words.none}</p>
      ) : (
        <ul className="columns-grid plain-list">
          {found.slice(0, count).map((column) => (
            <li key={column.name}>
              <ColumnCard column={column} rows={version.rows} distribution={distributions.get(column.name)} isPending={profile.isPending} />
            </li>
          ))}
        </ul>
      )}
      {found.length > count && (
        <Button variant="default" mt={12} onClick={() => setCount(count + shownMore)}>
          {more}
        </Button>
      )}
    </Panel>
  );
};

interface ColumnCardProps {
  readonly column: ColumnProfile;
  readonly rows: number;
  readonly distribution: ColumnDistribution | undefined;
  readonly isPending: boolean;
}
const ColumnCard = ({ column, rows, distribution, isPending }: ColumnCardProps) => {
  const { f } = useI18n();
  const { columns: words } = useDataWords();
  const picture = pictureOf(column, distribution, rows);
  const isText = column.type === 'text';
  return (
    <article className="column-card">
      <h3 className="column-name">
        <bdi title={column.name.length > 60 ? column.name.slice(0, 2000) : undefined}>{shortCell(column.name, 60)}</bdi>
        <span className="quiet mono">{shortCell(column.type, 40)}</span>
      </h3>
      <div className="column-picture">
        {picture.kind === 'categories' ? (
          <Categories column={column} others={picture.others} />
        ) : picture.kind === 'bins' && distribution ? (
          <Histogram distribution={distribution} />
        ) : isPending && column.nulls < rows ? (
          <Skeleton height={52} aria-label={words.counting} />
        ) : (
          <p className="quiet">{column.nulls === rows ? words.empty : words.many}</p>
        )}
      </div>
      <dl className="column-facts num">
        <Fact name={words.missing}>
          {column.nulls === 0 ? '0' : `${f.number(column.nulls)} (${f.percent(column.nulls / Math.max(1, rows), 1)})`}
        </Fact>
        <Fact name={words.distinct}>{f.number(column.distinct)}</Fact>
        {!isText && column.min !== null && (
          <Fact name={words.range}>
            <CellValue value={column.min} characters={24} /> – <CellValue value={column.max} characters={24} />
          </Fact>
        )}
        {column.mean !== null && <Fact name={words.mean}>{typeof column.mean === 'number' ? f.figure(column.mean) : column.mean}</Fact>}
      </dl>
    </article>
  );
};

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

const categoriesShown = 5;
const Categories = ({ column, others }: { column: ColumnProfile; others: number }) => {
  const { f } = useI18n();
  const { columns: words } = useDataWords();
  const shown = column.top.slice(0, categoriesShown);
  const rest = others + column.top.slice(categoriesShown).reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(1, ...shown.map(({ count }) => count));
  return (
    <ul className="categories plain-list num">
      {shown.map(({ value, count }) => (
        <li key={JSON.stringify(value)}>
          <span className="clip">
            <CellValue value={value} characters={60} />
          </span>
          <span className="category-bar" aria-hidden="true">
            <span style={{ width: `${(count / most) * 100}%` }} />
          </span>
          <span>{f.number(count)}</span>
        </li>
      ))}
      {rest > 0 && <li className="quiet categories-rest">{words.others(f.number(rest))}</li>}
    </ul>
  );
};
