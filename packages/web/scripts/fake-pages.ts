import type { Alert, Approval, RolloutReport } from '@boucle/contract';
import { aVerdict } from '../src/testing/a-rollout.ts';
import { comparingPipeline, comparingRun, comparingRunOf } from './fixtures-comparison.ts';
import { alertsOf, monitorsOf, performanceOf, windowOf, windowsOf } from './fixtures-monitoring.ts';
import { anApproval, approvalId, rolloutReports } from './fixtures-rollouts.ts';
import { storiesOf, storyId, storyOf } from './fixtures-story.ts';

export interface Asked {
  readonly method: string;
  readonly project: string;
  /** What follows the project in the address. */
  readonly path: readonly string[];
  readonly body: Readonly<Record<string, unknown>>;
}
/** Undefined is not found; null is for others to answer. */
type Answer = object | undefined | null;

/** What the pages ask for, kept as long as the server runs: an acknowledgement stays, a vote counts, a rollout that was paused is. */
export const createFakePages = () => {
  const kept = new Map<string, { alerts: Alert[]; reports: RolloutReport[]; approval: Approval }>();
  const of = (project: string) => {
    const state = kept.get(project) ?? { alerts: alertsOf(project), reports: rolloutReports(project), approval: anApproval(project) };
    kept.set(project, state);
    return state;
  };
  const now = () => new Date().toISOString();

  const act = ({ project, path: [, id, verb], body }: Asked): Answer => {
    const report = of(project).reports.find(({ rollout }) => rollout.id === id);
    if (!report) return undefined;
    const rollout = {
      ...report.rollout,
      status: verb === 'pause' ? ('paused' as const) : verb === 'resume' ? ('running' as const) : ('rolled_back' as const),
    };
    if (verb === 'roll-back') Object.assign(rollout, { stage: 'ended', endedAt: now() });
    const kind = verb === 'pause' ? 'pause' : verb === 'resume' ? 'resume' : 'roll_back';
    const verdicts = [
      ...report.verdicts,
      aVerdict({ number: 90, kind, seq: 560, at: now(), by: 'owner', message: String(body['reason']) }),
    ];
    of(project).reports = of(project).reports.map((one) => (one === report ? { ...report, rollout, verdicts } : one));
    return rollout;
  };

  return (asked: Asked): Answer => {
    const { method, project, path } = asked;
    const [kind, id, part] = path;
    const isEmpty = project === 'fresh';
    const page = <T>(items: readonly T[]) => ({ items: isEmpty ? [] : items, nextCursor: null });
    switch (kind) {
      case 'stories':
        if (id === undefined) return page(storiesOf(project));
        return id === storyId ? storyOf(project) : null;
      case 'monitors':
        if (id === undefined) return page(monitorsOf(project));
        if (part === 'windows') return page(id === 'tweets' ? windowsOf(project) : []);
        return page(performanceOf(project));
      case 'monitor-windows':
        return windowOf(project, id ?? '');
      case 'alerts': {
        const state = of(project);
        if (method === 'POST')
          state.alerts = state.alerts.map((alert) =>
            alert.id === id ? { ...alert, acknowledged: { by: 'owner', at: now(), comment: String(asked.body['comment']) } } : alert,
          );
        return id === undefined ? page(state.alerts) : state.alerts.find((alert) => alert.id === id);
      }
      case 'approvals': {
        if (id !== approvalId) return undefined;
        const state = of(project);
        if (method === 'POST') {
          const { approve, comment } = asked.body as { approve: boolean; comment: string };
          const votes = [{ by: 'owner', approve, comment, at: now() }];
          state.approval = { ...state.approval, votes, given: approve ? 1 : 0, status: approve ? 'given' : 'refused' };
        }
        return state.approval;
      }
      case 'pipelines':
        return { items: isEmpty ? [] : [comparingPipeline(project)] };
      case 'pipeline-runs':
        if (id === undefined) return page([comparingRun(project)]);
        return id === comparingRun(project).id ? comparingRunOf(project) : null;
      case 'rollouts': {
        if (id === undefined) return page(of(project).reports.map(({ rollout }) => rollout));
        if (part === 'verification') return { same: true, verdicts: 5, evidence: 1212, difference: null, message: 'all came out the same' };
        return method === 'POST' ? act(asked) : of(project).reports.find(({ rollout }) => rollout.id === id);
      }
      default:
        return null;
    }
  };
};
