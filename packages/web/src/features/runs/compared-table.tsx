import type { Run } from '@boucle/contract';
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { CurveSwatch } from '../../ui/chart/curve-chart.tsx';
import { Panel } from '../../ui/panel.tsx';
import { mostLines } from './metric-curve.tsx';
import { metricText } from './metric-text.ts';
import type { DifferenceRow } from './run-differences.ts';
import { useRunsWords } from './use-runs-words.ts';

interface ComparedProps {
  readonly project: string;
  readonly runs: readonly Run[];
  readonly rows: readonly DifferenceRow[];
}
const atOnce = 30;

export const ComparedMetrics = ({ project, runs, rows }: ComparedProps) => {
  const { f } = useI18n();
  const words = useRunsWords();
  return (
    <Panel title={words.comparison.metrics} note={words.comparison.metricsNote}>
      {rows.length === 0 ? (
        <p className="small-note">{words.curves.noneYet}</p>
      ) : (
        <ComparedTable
          project={project}
          runs={runs}
          rows={rows}
          title={words.comparison.metrics}
          isNumeric
          write={(value) => metricText(f, value as number)}
        />
      )}
    </Panel>
  );
};

/** Where they are the same, the cause is not: equal rows are hidden, counted, and one click away. */
export const ComparedParams = ({
  project,
  runs,
  rows,
  isWhole,
  onWhole,
}: ComparedProps & { readonly isWhole: boolean; readonly onWhole: (isWhole: boolean) => void }) => {
  const words = useRunsWords();
  const equal = rows.filter(({ isEqual }) => isEqual).length;
  const shown = isWhole ? rows : rows.filter(({ isEqual }) => !isEqual);
  return (
    <Panel
      title={words.comparison.params}
      actions={
        equal > 0 && (
          <>
            <span className="quiet num">{words.comparison.equal(equal)}</span>
            <Button variant="subtle" size="compact-xs" onClick={() => onWhole(!isWhole)}>
              {isWhole ? words.comparison.hideEqual : words.comparison.showEqual}
            </Button>
          </>
        )
      }
    >
      {shown.length === 0 ? (
        <p className="small-note">{rows.length === 0 ? words.run.noParams : words.comparison.allEqual}</p>
      ) : (
        <ComparedTable
          project={project}
          runs={runs}
          rows={shown}
          title={words.comparison.params}
          write={(value) => String(value).slice(0, 300)}
        />
      )}
    </Panel>
  );
};

interface TableProps extends ComparedProps {
  readonly title: string;
  readonly isNumeric?: boolean;
  readonly write: (value: string | number) => ReactNode;
}
const ComparedTable = ({ project, runs, rows, title, isNumeric = false, write }: TableProps) => {
  const words = useRunsWords();
  const [shown, setShown] = useState(atOnce);
  const cell = isNumeric ? 'compared-cell run-number' : 'compared-cell';
  return (
    <>
      <div className="compared" role="group" tabIndex={0} aria-label={title}>
        <table className="table num">
          <thead>
            <tr>
              <th scope="col" className="compared-key">
                {words.run.key}
              </th>
              {runs.map(({ id, name }, i) => (
                <th key={id} scope="col" className={cell}>
                  {runs.length <= mostLines && <CurveSwatch color={i} />}{' '}
                  <Link to="/p/$project/runs/$runId" params={{ project, runId: id }} className="text-link run-name-long" dir="auto">
                    {name.slice(0, 80)}
                  </Link>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map(({ key, values }) => (
              <tr key={key}>
                <th scope="row" className="compared-key">
                  {key}
                </th>
                {values.map((value, i) => (
                  <td key={runs[i]!.id} className={value === values[0] ? cell : `${cell} compared-other`} dir="auto">
                    {value === undefined ? '–' : write(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown && (
        <Button variant="subtle" onClick={() => setShown(shown + 100)}>
          {words.run.more(Math.min(100, rows.length - shown))}
        </Button>
      )}
    </>
  );
};
