import type { ModelComparison } from '@boucle/contract';
import { Fragment } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { IntervalPlot } from '../../ui/chart/interval-plot.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type Approach, criteria, type Group, rowOf } from './criteria.ts';
import { inkOf } from './curve-chart.ts';
import { useFigures } from './use-figures.ts';
import { useComparisonWords } from './use-comparison-words.ts';
import { ApproachHeads, WideTable } from './wide-table.tsx';

/** Every criterion that is a number: what learning, working and explaining take. The best of each row is bold. */
export const CostPanel = ({ comparison: { approaches, assumed } }: { comparison: ModelComparison }) => {
  const words = useComparisonWords();
  const write = useFigures(assumed.currency);
  return (
    <Panel title={words.criteria.title} note={words.criteria.note}>
      <WideTable label={words.criteria.title}>
        <thead>
          <tr>
            <td />
            <ApproachHeads approaches={approaches} />
          </tr>
        </thead>
        <tbody>
          {(Object.keys(criteria) as Group[]).map((group) => (
            <Fragment key={group}>
              <tr className="comparison-group">
                <th scope="rowgroup" colSpan={approaches.length + 1}>
                  {words.groups[group]}
                </th>
              </tr>
              {criteria[group].map((criterion) => {
                const { values, isBest, range, isLog } = rowOf(criterion, approaches);
                return (
                  <tr key={criterion.name}>
                    <th scope="row">{words.criteria[criterion.name]}</th>
                    {values.map((value, place) => (
                      <td key={approaches[place]!.name}>
                        {value === null ? (
                          '–'
                        ) : (
                          <>
                            {isBest[place] ? <strong>{write[criterion.unit](value)}</strong> : write[criterion.unit](value)}
                            <IntervalPlot
                              range={range}
                              value={value}
                              low={value}
                              high={value}
                              lines={[]}
                              isLog={isLog}
                              ink={inkOf(place)}
                            />
                          </>
                        )}
                      </td>
                    ))}
                  </tr>
                );
              })}
            </Fragment>
          ))}
          <PartsRows approaches={approaches} />
        </tbody>
      </WideTable>
    </Panel>
  );
};

const PartsRows = ({ approaches }: { approaches: readonly Approach[] }) => {
  const { f } = useI18n();
  const { parts: words } = useComparisonWords();
  return (
    <>
      <tr className="comparison-group">
        <th scope="rowgroup" colSpan={approaches.length + 1}>
          {words.title}
        </th>
      </tr>
      <tr>
        <th scope="row">{words.filesOf}</th>
        {approaches.map(({ name, serving }) => (
          <td key={name}>{words.files(f.number(serving.package.files))}</td>
        ))}
      </tr>
      <tr>
        <th scope="row">{words.libraries}</th>
        {approaches.map(({ name, serving: { nativeLibraries } }) => (
          <td key={name} className={nativeLibraries.length > 0 ? 'mono comparison-libraries' : ''}>
            {nativeLibraries.length > 0 ? nativeLibraries.join(', ') : words.none}
          </td>
        ))}
      </tr>
    </>
  );
};
