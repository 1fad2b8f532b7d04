import type { ModelComparison } from '@boucle/contract';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Approach } from './criteria.ts';
import { MeasuredCell, rangeOfMeasured } from './measured-cell.tsx';
import { useComparisonWords } from './use-comparison-words.ts';

/** How good each approach is, on the rows that decided and on those that did not. */
export const QualityPanel = ({ comparison: { approaches, metric, of, chosen } }: { comparison: ModelComparison }) => {
  const { t } = useI18n();
  const words = useComparisonWords();
  const range = rangeOfMeasured(approaches.flatMap(({ validation, test }) => [validation, test]));
  return (
    <Panel title={words.quality.title} note={words.quality.note(t.metric(metric, of || null))}>
      <table className="table num">
        <thead>
          <tr>
            <th scope="col">{words.approach}</th>
            <th scope="col">{words.quality.validation}</th>
            <th scope="col">{words.quality.test}</th>
          </tr>
        </thead>
        <tbody>
          {approaches.map((one, place) => (
            <tr key={one.name}>
              <th scope="row">
                <strong>{one.name}</strong> {one.name === chosen && <span className="comparison-best">{words.best}</span>}
                <Settings approach={one} />
              </th>
              <MeasuredCell measured={one.validation} range={range} place={place} />
              <MeasuredCell measured={one.test} range={range} place={place} />
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
};

const Settings = ({ approach: { settings } }: { approach: Approach }) => {
  const { f } = useI18n();
  const words = useComparisonWords();
  const said = Object.entries(settings).map(([name, value]) => `${name} ${typeof value === 'number' ? f.figure(value) : String(value)}`);
  return <div className="quiet comparison-settings">{said.length > 0 ? said.join(', ') : words.defaults}</div>;
};
