import type { ModelComparison } from '@boucle/contract';
import { useI18n } from '../../i18n/i18n.tsx';
import { IntervalPlot } from '../../ui/chart/interval-plot.tsx';
import { Panel } from '../../ui/panel.tsx';
import { rangeOfMeasured } from './measured-cell.tsx';
import { useComparisonWords } from './use-comparison-words.ts';

/** Whether two approaches differ beyond chance, on the same rows. */
export const PairsPanel = ({ comparison: { pairs } }: { comparison: ModelComparison }) => {
  const { f } = useI18n();
  const { pairs: words } = useComparisonWords();
  const [low, high] = rangeOfMeasured([...pairs.map(({ difference }) => difference), { value: 0, interval: null }]);
  const most = Math.max(-low, high);
  const points = (share: number): string => f.number(share * 100, 1);
  return (
    <Panel title={words.title} note={words.note}>
      <table className="table num">
        <thead>
          <tr>
            <td />
            <th scope="col">{words.points}</th>
            <th scope="col">{words.p}</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map(({ first, second, difference: { value, interval }, pValue }) => (
            <tr key={`${first} ${second}`}>
              <th scope="row">{words.pair(first, second)}</th>
              <td>
                {value === null ? '–' : points(value)}{' '}
                {interval && (
                  <span className="quiet nowrap">
                    {points(interval[0])} – {points(interval[1])}
                  </span>
                )}
                <IntervalPlot range={[-most, most]} value={value} low={interval?.[0] ?? value} high={interval?.[1] ?? value} lines={[0]} />
              </td>
              <td>{pValue === null ? '–' : f.pValue(pValue)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
};
