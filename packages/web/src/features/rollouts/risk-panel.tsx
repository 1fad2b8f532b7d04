import type { RolloutReport } from '@boucle/contract';
import { useI18n } from '../../i18n/i18n.tsx';
import { IntervalPlot } from '../../ui/chart/interval-plot.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ratioRange } from './evidence-chart.ts';
import { useRolloutWords } from './use-rollout-words.ts';

/** How many times as often the candidate goes wrong, between what it would be alike and what is too much. */
export const RiskPanel = ({ report: { risk, rollout } }: { report: RolloutReport }) => {
  const { f } = useI18n();
  const { risk: words, version } = useRolloutWords();
  const limit = 1 + rollout.policy.margin;
  const note = words.note(version(rollout.candidate.version), rollout.baseline ? version(rollout.baseline.version) : '');
  if (!risk)
    return (
      <Panel title={words.title} note={note}>
        <p className="quiet">{words.none}</p>
      </Panel>
    );
  const { low, high, confidence } = risk.interval;
  const end = (value: number | null, none: string) => (value === null ? none : f.figure(value));
  return (
    <Panel title={words.title} note={note}>
      <p className="big-number num">{words.times(f.figure(risk.estimate))}</p>
      <IntervalPlot
        range={ratioRange([risk.estimate, low, high, limit])}
        value={risk.estimate}
        low={low}
        high={high}
        lines={[1, limit]}
        isLog
        ink="candidate"
      />
      <p className="small-note num">
        {words.interval(f.percent(confidence), end(low, '0'), end(high, '∞'))}
        <br />
        {words.lines(f.figure(limit))}
      </p>
    </Panel>
  );
};
