import type { RolloutPolicy, RolloutReport } from '@boucle/contract';
import { useI18n } from '../../i18n/i18n.tsx';
import { IntervalPlot } from '../../ui/chart/interval-plot.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useRolloutWords } from './use-rollout-words.ts';

/** The difference of the two rates, with an interval that holds at any time. */
export const AbPanel = ({ ab, policy }: { ab: NonNullable<RolloutReport['ab']>; policy: RolloutPolicy }) => {
  const { f } = useI18n();
  const { ab: words } = useRolloutWords();
  const matters = policy.ab?.difference ?? 0;
  const reach = Math.max(0.01, ...[ab.low, ab.high, matters].map((value) => Math.abs(value) * 1.2));
  return (
    <Panel title={words.title} note={words.difference}>
      <p className="big-number num">{f.percent(ab.difference, 2)}</p>
      <IntervalPlot
        range={[-reach, reach]}
        value={ab.difference}
        low={ab.low}
        high={ab.high}
        lines={[...new Set([-matters, 0, matters])]}
        ink="candidate"
      />
      <p className="small-note num">
        {words.interval(f.percent(ab.confidence), f.percent(ab.low, 2), f.percent(ab.high, 2))}
        <br />
        {matters > 0 && words.matters(f.percent(matters, 1))}
        <br />
        {words.pValue(f.pValue(ab.pValue))}
      </p>
    </Panel>
  );
};
