import type { ColumnDrift, Monitor, MonitorWindowDetail } from '@boucle/contract';
import { Button } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { IntervalPlot } from '../../ui/chart/interval-plot.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { ColumnDetail } from './column-detail.tsx';
import type { MonitoringWords } from './words-en.ts';
import { useMonitoringWords } from './use-monitoring-words.ts';
import { columnMark, comparisonKey, sortedColumns } from './window-state.ts';

const shownFirst = 12;
/** Where the monitor says nothing. */
const usualBound = 0.05;

/** Every comparison of the window, what was found first; the chosen one with all it rests on. */
export const ColumnsPanel = ({ project, monitor, window }: { project: string; monitor: Monitor; window: MonitorWindowDetail }) => {
  const { f } = useI18n();
  const { columns: words } = useMonitoringWords();
  const search = useSearch({ from: '/p/$project/monitoring' });
  const [isAll, setIsAll] = useState(false);
  const columns = useMemo(() => sortedColumns(window.columns), [window.columns]);
  const chosen = columns.find((column) => comparisonKey(column) === search.column) ?? columns[0];
  if (!chosen)
    return (
      <Panel title={words.title}>
        <p className="quiet">{words.none}</p>
      </Panel>
    );
  const shown = isAll ? columns : columns.filter((column, i) => i < shownFirst || column === chosen);
  const bound = monitor.declared.drift?.material ?? usualBound;
  const most = Math.max(bound * 2, ...columns.map(({ totalVariation }) => totalVariation ?? 0));
  return (
    <div className="columns">
      <Panel title={words.title} note={`${words.note}. ${words.bound(f.percent(bound))}`}>
        <table className="table columns-table num">
          <thead>
            <tr>
              <th scope="col">{words.head.column}</th>
              <th scope="col">{words.head.verdict}</th>
              <th scope="col" className="columns-p">
                {words.head.adjusted}
              </th>
              <th scope="col" className="columns-effect">
                {words.head.moved}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((column) => (
              <tr key={comparisonKey(column)} className={column === chosen ? 'columns-chosen' : undefined}>
                <th scope="row">
                  <Link
                    to="/p/$project/monitoring"
                    params={{ project }}
                    search={(before) => ({ ...before, column: comparisonKey(column) })}
                    resetScroll={false}
                    className="column-link"
                    activeProps={{}}
                    aria-current={column === chosen ? 'true' : undefined}
                  >
                    {columnName(column, words)}
                  </Link>
                  <ColumnWhere column={column} />
                </th>
                <td>
                  <span className="with-mark">
                    <StatusMark mark={columnMark[column.verdict]} size={13} />
                    {words.verdict[column.verdict]}
                  </span>
                </td>
                <td className="columns-p">{column.adjusted === null ? '–' : f.pValue(column.adjusted)}</td>
                <td className="columns-effect">
                  {column.totalVariation === null ? (
                    '–'
                  ) : (
                    <span className="effect-cell">
                      <IntervalPlot
                        range={[0, most]}
                        value={column.totalVariation}
                        low={0}
                        high={column.totalVariation}
                        lines={[bound]}
                        ink={column.verdict === 'drift' ? 'broken' : 'baseline'}
                      />
                      {f.percent(column.totalVariation, 1)}
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {shown.length < columns.length && (
          <Button variant="default" mt={10} onClick={() => setIsAll(true)}>
            {words.more(f.number(columns.length - shown.length))}
          </Button>
        )}
      </Panel>
      <ColumnDetail column={chosen} bound={bound} name={columnName(chosen, words)} />
    </div>
  );
};

const columnName = ({ column, kind, measure }: ColumnDrift, words: MonitoringWords['columns']): string =>
  kind === 'errors' ? words.errors : measure === null ? column : `${column}, ${words.measure[measure]}`;

const ColumnWhere = ({ column: { slice, mode, variant } }: { column: ColumnDrift }) => {
  const { columns: words } = useMonitoringWords();
  const said = [slice && words.slice(slice.column, slice.value), mode === 'shadow' && words.shadow, variant !== 'main' && variant].filter(
    Boolean,
  );
  return said.length > 0 && <span className="column-where">{said.join(', ')}</span>;
};
