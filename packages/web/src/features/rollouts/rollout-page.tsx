import type { BoucleEvent, Rollout, RolloutReport } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { LivePage } from '../../live/live-page.tsx';
import { useLiveProject } from '../../live/use-live-project.ts';
import { StatusMark } from '../../ui/status.tsx';
import { AbPanel } from './ab-panel.tsx';
import { ApprovalPanel } from './approval-panel.tsx';
import { ArmsPanel } from './arms-panel.tsx';
import { EvidencePanel } from './evidence-panel.tsx';
import { GatesPanel } from './gates-panel.tsx';
import { HandActions } from './hand-actions.tsx';
import { LatencyPanel } from './latency-panel.tsx';
import { approvalQuery, rolloutQuery } from './queries.ts';
import { RiskPanel } from './risk-panel.tsx';
import { ShadowPanel } from './shadow-panel.tsx';
import { statusMark } from './stages.ts';
import { StageList } from './stage-list.tsx';
import { useRolloutWords } from './use-rollout-words.ts';
import { VerdictsPanel } from './verdicts-panel.tsx';
import '../../ui/facts.css';
import './rollouts.css';

/** Its own news, its story's, and the traffic of its endpoint. */
const concerns = ({ subject, correlationId, data, type }: BoucleEvent, id: string, rollout: Rollout | undefined): boolean =>
  subject.id === id ||
  (rollout !== undefined && correlationId === rollout.correlationId) ||
  (data['endpoint'] === rollout?.endpoint && (type === 'predictions.counted' || type === 'feedback.recorded'));

/** Is the new version safe, and who or what decides? */
export const RolloutPage = () => {
  const { t } = useI18n();
  const words = useRolloutWords();
  const { project, id } = useParams({ from: '/p/$project/rollouts/$id' });
  const query = rolloutQuery(project, id);
  const report = useQuery(query);
  const rollout = report.data?.rollout;
  const live = useLiveProject({
    project,
    concerns: (event) => concerns(event, id, rollout),
    keys: [query.queryKey, ...(rollout?.approvalId ? [approvalQuery(project, rollout.approvalId).queryKey] : [])],
  });
  return (
    <LivePage
      project={project}
      title={rollout ? words.title(rollout.number, rollout.endpoint) : t.nav.rollouts}
      lead={rollout ? <Lead rollout={rollout} /> : words.question}
      above={
        <p className="page-above">
          <Link to="/p/$project/rollouts" params={{ project }} className="text-link">
            {words.all}
          </Link>
        </p>
      }
      actions={rollout && <HandActions rollout={rollout} onDone={live.refresh} />}
      query={report}
      live={live}
    >
      {(known) => <Loaded report={known} onChange={live.refresh} />}
    </LivePage>
  );
};

const Lead = ({ rollout }: { rollout: Rollout }) => {
  const { f } = useI18n();
  const words = useRolloutWords();
  const { candidate, baseline, status, project } = rollout;
  return (
    <span className="rollout-lead">
      <StatusMark mark={statusMark[status]} size={14} />
      <strong>{words.status[status]}</strong>
      <span>{words.what(candidate.model, words.version(candidate.version), baseline && words.version(baseline.version))}</span>
      <span>{words.kind[rollout.kind]}</span>
      <span className="num">{words.startedBy(rollout.startedBy, f.dayHour(Date.parse(rollout.startedAt)))}</span>
      <Link to="/p/$project/stories/$id" params={{ project, id: rollout.correlationId }} className="text-link">
        {words.story}
      </Link>
    </span>
  );
};

const Loaded = ({ report, onChange }: { report: RolloutReport; onChange: () => void }) => {
  const { rollout, shadow, ab, latency } = report;
  return (
    <div className="rollout">
      <StageList report={report} />
      {rollout.approvalId !== null && <ApprovalPanel rollout={rollout} approvalId={rollout.approvalId} onChange={onChange} />}
      <div className="rollout-middle">
        <EvidencePanel report={report} />
        <div className="rollout-side">
          <ArmsPanel report={report} />
          {rollout.baseline !== null && <RiskPanel report={report} />}
        </div>
      </div>
      <div className="rollout-pair">
        {(latency.length > 0 || report.arms.some(({ latencyMs }) => latencyMs.length > 0)) && <LatencyPanel report={report} />}
        {shadow && <ShadowPanel shadow={shadow} />}
        {ab && <AbPanel ab={ab} policy={rollout.policy} />}
        <GatesPanel rollout={rollout} />
      </div>
      <VerdictsPanel report={report} />
    </div>
  );
};
