import type { ModelComparison } from '@boucle/contract';
import { useI18n } from '../../i18n/i18n.tsx';
import { IntervalPlot } from '../../ui/chart/interval-plot.tsx';
import { type Range, rangeOf } from '../../ui/chart/scale.ts';
import { inkOf } from './curve-chart.ts';

type Measured = ModelComparison['approaches'][number]['test'];

/** The ends of an axis on which all of these can be seen, with their intervals. */
export const rangeOfMeasured = (all: readonly Measured[]): Range =>
  rangeOf(
    all.flatMap(({ value, interval }) => [value, ...(interval ?? [])]),
    0.05,
  ) ?? [0, 1];

/** A share in words and as a picture, in the colour of its approach. */
export const MeasuredCell = ({ measured: { value, interval }, range, place }: { measured: Measured; range: Range; place: number }) => {
  const { f } = useI18n();
  if (value === null) return <td>–</td>;
  return (
    <td>
      {f.percent(value, 1)}{' '}
      {interval && (
        <span className="quiet nowrap">
          {f.percent(interval[0], 1)} – {f.percent(interval[1], 1)}
        </span>
      )}
      <IntervalPlot range={range} value={value} low={interval?.[0] ?? value} high={interval?.[1] ?? value} lines={[]} ink={inkOf(place)} />
    </td>
  );
};
