import type { RolloutReport } from '@boucle/contract';
import { useMemo } from 'react';
import type { Format } from '../../i18n/format.ts';
import { useI18n } from '../../i18n/i18n.tsx';
import { LineChart } from '../../ui/chart/line-chart.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { evidenceSpec } from './evidence-chart.ts';
import { statusMark } from './stages.ts';
import { useRolloutWords } from './use-rollout-words.ts';
import { outcomeOf } from './verdict.ts';

/** The picture that decides: what speaks for and against the version, and how much is needed. */
export const EvidencePanel = ({ report }: { report: RolloutReport }) => {
  const { f } = useI18n();
  const words = useRolloutWords();
  const spec = useMemo(
    () =>
      evidenceSpec(report, {
        rollback: words.evidence.rollback,
        promote: words.evidence.promote,
        bound: (which, odds) => words.evidence.bound(which, f.figure(odds)),
        share: (share) => (share === 0 ? words.stage.shadow : f.percent(share)),
        decided: words.evidence.decided,
      }),
    [report, words, f],
  );
  return (
    <Panel title={words.evidence.title}>
      <Verdict report={report} />
      {report.series.length === 0 ? (
        <p className="quiet">{report.rollout.baseline === null ? words.evidence.alone : words.evidence.empty}</p>
      ) : (
        <LineChart
          title={words.evidence.chart}
          spec={spec}
          height={320}
          axis={words.evidence.axis}
          formatX={(seq) => f.number(seq)}
          formatTick={(power) => oddsTick(power, f)}
          formatValue={(power) => words.evidence.odds(f.figure(10 ** power))}
        />
      )}
    </Panel>
  );
};

/** Whole powers of ten as a person says odds: 100, 1, 1/10. */
const oddsTick = (power: number, f: Format): string => {
  const size = Math.abs(power) > 4 ? `10${superscript(Math.abs(power))}` : f.number(10 ** Math.abs(power));
  return power < 0 ? `1/${size}` : size;
};
const superscript = (n: number): string => Array.from(String(n), (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('');

const Verdict = ({ report }: { report: RolloutReport }) => {
  const { f } = useI18n();
  const words = useRolloutWords();
  const { rollout } = report;
  const { policy, baseline, status } = rollout;
  const names = {
    candidate: words.version(rollout.candidate.version),
    baseline: baseline ? words.version(baseline.version) : '',
    times: f.figure(1 + policy.margin),
  };
  return (
    <div className="verdict">
      <StatusMark mark={statusMark[status]} size={20} />
      <div>
        <p className="verdict-name">{words.verdict.headline(status, names.candidate, baseline && names.baseline)}</p>
        <p className="verdict-text num">
          <Why report={report} names={names} />
        </p>
        {baseline !== null && !policy.ab && (
          <p className="verdict-text quiet num">
            {words.verdict.wrong(f.figure(policy.alphaRollback * 100), f.figure(policy.alphaPromote * 100), names.times)}
          </p>
        )}
      </div>
    </div>
  );
};

const Why = ({ report, names }: { report: RolloutReport; names: Record<'candidate' | 'baseline' | 'times', string> }) => {
  const { f, language } = useI18n();
  const { verdict } = useRolloutWords();
  const outcome = outcomeOf(report);
  switch (outcome.kind) {
    case 'evidence': {
      const said = { ...names, event: f.number(outcome.event), odds: f.figure(outcome.odds), needed: f.figure(outcome.needed) };
      return outcome.side === 'promote' ? verdict.promoted(said) : verdict.rolledBack(said);
    }
    case 'hand':
      return (
        <>
          {verdict.byHand(outcome.side, outcome.by, f.number(outcome.event))} <q>{outcome.reason}</q>
        </>
      );
    case 'weighing':
      return (
        <>
          {verdict.weighing({
            promote: f.figure(outcome.promote),
            neededPromote: f.figure(outcome.neededPromote),
            rollback: f.figure(outcome.rollback),
            neededRollback: f.figure(outcome.neededRollback),
          })}{' '}
          {language === 'en' && report.awaits}
        </>
      );
    case 'told':
      return (
        <>
          {outcome.event !== null && verdict.atEvent(f.number(outcome.event))} <ServerText text={outcome.message} />
        </>
      );
  }
};
