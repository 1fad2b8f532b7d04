import type { DatasetVersion, RowChanges, SchemaChanges } from '@boucle/contract';
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { CellValue } from './cell.tsx';
import { shortCell } from './cell-text.ts';
import { changesQuery, type VersionName, versionsQuery } from './queries.ts';
import { ScrollBox } from './scroll-box.tsx';
import { useDataWords } from './use-data-words.ts';

/** What is different from the version before, or from another: columns, then rows. */
export const ChangesPanel = ({ name, version }: { name: VersionName; version: DatasetVersion }) => {
  const { changes: words } = useDataWords();
  const search = useSearch({ from: '/p/$project/data/$dataset/$number' });
  const against = search.against !== undefined && search.against !== version.number ? search.against : version.number - 1;
  if (against < 1)
    return (
      <Panel title={words.first}>
        <p className="quiet">{words.firstBody}</p>
      </Panel>
    );
  return <Changes name={name} version={version} against={against} />;
};

const Changes = ({ name, version, against }: { name: VersionName; version: DatasetVersion; against: number }) => {
  const { changes: words } = useDataWords();
  const changes = useQuery(changesQuery(name, against));
  return (
    <Panel
      title={words.title(against)}
      note={version.key.length > 0 ? words.byKey(shortCell(version.key.join(', '), 60)) : words.byContent}
      actions={<Against name={name} against={against} />}
    >
      {changes.error ? (
        <Problem error={changes.error} onRetry={() => void changes.refetch()} />
      ) : changes.data ? (
        <>
          {changes.data.rows ? <RowCounts rows={changes.data.rows} /> : <p className="quiet">{words.otherKey}</p>}
          <ColumnChanges columns={changes.data.columns} />
          {changes.data.rows && <Examples rows={changes.data.rows} />}
        </>
      ) : (
        <Skeleton height={90} aria-label={words.comparing} />
      )}
    </Panel>
  );
};

const Against = ({ name, against }: { name: VersionName; against: number }) => {
  const { changes: words, version } = useDataWords();
  const navigate = useNavigate({ from: '/p/$project/data/$dataset/$number' });
  const { data } = useQuery(versionsQuery(name.project, name.dataset));
  const numbers = [...new Set([against, ...(data?.items.map(({ number }) => number) ?? [])])].filter((number) => number !== name.number);
  if (numbers.length < 2) return null;
  return (
    <label className="choice">
      {words.against}
      <select
        value={against}
        onChange={({ currentTarget: { value } }) =>
          void navigate({ search: (before) => ({ ...before, against: Number(value) }), replace: true, resetScroll: false })
        }
      >
        {numbers
          .toSorted((a, b) => b - a)
          .map((number) => (
            <option key={number} value={number}>
              {version(number)}
            </option>
          ))}
      </select>
    </label>
  );
};

const fates = ['added', 'removed', 'changed', 'same'] as const;
const RowCounts = ({ rows }: { rows: RowChanges }) => {
  const { f } = useI18n();
  const { changes: words } = useDataWords();
  const all = Math.max(1, rows.added + rows.removed + rows.changed + rows.same);
  return (
    <>
      <div className="fates-bar" aria-hidden="true">
        {fates.map((fate) => rows[fate] > 0 && <span key={fate} className={`fate-${fate}`} style={{ flexGrow: rows[fate] / all }} />)}
      </div>
      <dl className="fates num">
        {fates.map((fate) => (
          <div key={fate}>
            <dt>
              <span className={`fate-sign fate-${fate}`} aria-hidden="true" />
              {words[fate]}
            </dt>
            <dd>{f.number(rows[fate])}</dd>
          </div>
        ))}
      </dl>
    </>
  );
};

const ColumnChanges = ({ columns }: { columns: SchemaChanges }) => {
  const { changes: words } = useDataWords();
  /** Apart from its sentence, whose direction it must not turn round. */
  const short = (text: string) => `\u2068${shortCell(text, 60)}\u2069`;
  const said = [
    ...columns.added.map(({ name, type }) => words.columnAdded(short(name), type)),
    ...columns.removed.map(({ name, type }) => words.columnRemoved(short(name), type)),
    ...columns.changed.map(({ name, before, now }) => words.columnChanged(short(name), before, now)),
  ];
  return (
    <>
      <h3 className="changes-title">{words.columns}</h3>
      {said.length === 0 ? (
        <p className="quiet">{words.noColumns}</p>
      ) : (
        <ul className="changes-columns">
          {said.slice(0, 200).map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </>
  );
};

const Examples = ({ rows }: { rows: RowChanges }) => {
  const { f } = useI18n();
  const { changes: words } = useDataWords();
  if (rows.added + rows.removed + rows.changed === 0) return <p className="quiet">{words.nothing}</p>;
  const shown = rows.examples;
  return (
    <>
      {shown.changed.length > 0 && (
        <details className="examples" open>
          <summary>
            {words.examples.changed} <span className="quiet num">{words.of(f.number(shown.changed.length), f.number(rows.changed))}</span>
          </summary>
          <ScrollBox label={words.examples.changed}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{words.row}</th>
                  <th scope="col">{words.column}</th>
                  <th scope="col">{words.before}</th>
                  <th scope="col">{words.now}</th>
                </tr>
              </thead>
              <tbody>
                {shown.changed.flatMap(({ _row, columns }) =>
                  columns.map(({ name, before, now }, i) => (
                    <tr key={`${_row} ${name}`}>
                      <td className="mono quiet" title={_row}>
                        {i === 0 ? _row.slice(0, 8) : ''}
                      </td>
                      <td>
                        <bdi>{shortCell(name, 60)}</bdi>
                      </td>
                      <td className="cell-before">
                        <CellValue value={before} characters={140} />
                      </td>
                      <td className="cell-now">
                        <CellValue value={now} characters={140} />
                      </td>
                    </tr>
                  )),
                )}
              </tbody>
            </table>
          </ScrollBox>
        </details>
      )}
      {(['added', 'removed'] as const).map(
        (fate) =>
          shown[fate].length > 0 && (
            <details key={fate} className="examples" open={shown.changed.length === 0 && fate === 'added'}>
              <summary>
                {words.examples[fate]} <span className="quiet num">{words.of(f.number(shown[fate].length), f.number(rows[fate]))}</span>
              </summary>
              <ExampleRows label={words.examples[fate]} rows={shown[fate]} />
            </details>
          ),
      )}
    </>
  );
};

const ExampleRows = ({ label, rows }: { label: string; rows: RowChanges['examples']['added'] }) => {
  const { changes: words } = useDataWords();
  return (
    <ScrollBox label={label}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{words.row}</th>
            {rows[0]!.columns.map(({ name }) => (
              <th key={name} scope="col">
                <bdi>{shortCell(name, 40)}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ _row, columns }) => (
            <tr key={_row}>
              <td className="mono quiet" title={_row}>
                {_row.slice(0, 8)}
              </td>
              {columns.map(({ name, value }) => (
                <td key={name}>
                  <CellValue value={value} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
};
