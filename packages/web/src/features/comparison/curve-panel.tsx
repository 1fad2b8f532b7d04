import type { ModelComparison } from '@boucle/contract';
import { useMemo } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { LineChart } from '../../ui/chart/line-chart.tsx';
import { Panel } from '../../ui/panel.tsx';
import { curveSpec } from './curve-chart.ts';
import { useComparisonWords } from './use-comparison-words.ts';

/** How much data each approach needs. */
export const CurvePanel = ({ comparison }: { comparison: ModelComparison }) => {
  const { t, f } = useI18n();
  const { curve: words } = useComparisonWords();
  const spec = useMemo(() => curveSpec(comparison), [comparison]);
  const metric = t.metric(comparison.metric, comparison.of || null);
  return (
    <Panel title={words.title} note={words.note(metric)}>
      <LineChart
        title={metric}
        spec={spec}
        axis={words.axis}
        formatX={(rows) => f.number(rows)}
        formatTick={(value) => f.percent(value)}
        formatValue={(value) => f.percent(value, 1)}
      />
    </Panel>
  );
};
