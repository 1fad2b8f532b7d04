import type { ModelComparison } from '@boucle/contract';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ApproachHeads, WideTable } from './wide-table.tsx';
import { MeasuredCell, rangeOfMeasured } from './measured-cell.tsx';
import { useComparisonWords } from './use-comparison-words.ts';

/** Where each approach is weak: accuracy on parts of the test rows. */
export const SlicesPanel = ({ comparison: { approaches, slices } }: { comparison: ModelComparison }) => {
  const { f } = useI18n();
  const { slices: words, slice } = useComparisonWords();
  const range = rangeOfMeasured(approaches.flatMap(({ accuracy }) => accuracy));
  return (
    <Panel title={words.title} note={words.note}>
      <WideTable label={words.title}>
        <thead>
          <tr>
            <th scope="col">{words.texts}</th>
            <th scope="col">{words.rows}</th>
            <ApproachHeads approaches={approaches} />
          </tr>
        </thead>
        <tbody>
          {slices.map(({ is, rows }, i) => (
            <tr key={is}>
              <th scope="row">{slice(is)}</th>
              <td>{f.number(rows)}</td>
              {approaches.map(({ name, accuracy }, place) => (
                <MeasuredCell key={name} measured={accuracy[i]!} range={range} place={place} />
              ))}
            </tr>
          ))}
        </tbody>
      </WideTable>
    </Panel>
  );
};
