import type { News } from '../../live/news.ts';
import type { Mark } from '../../ui/status.tsx';
import type { DecisionFact, RolloutFact } from './decision-fact.ts';
import type { StoryEntry } from './story-fact.ts';

const watched = [
  'window.closed',
  'drift.found',
  'quality.failed',
  'kpi.missed',
  'alert.fired',
  'alert.resolved',
  'alert.acknowledged',
  'notification.sent',
  'notification.failed',
  'retraining.started',
  'retraining.refused',
  'retraining.ended',
  'gate.judged',
  'approval.asked',
  'approval.given',
  'approval.refused',
  'rollout.started',
  'rollout.stepped',
  'rollout.decided',
  'rollout.paused',
  'rollout.resumed',
  'rollout.ended',
] as const;
export type DecisionNews = Extract<News, { type: (typeof watched)[number] }>;
export const isDecision = (news: News): news is DecisionNews => (watched as readonly string[]).includes(news.type);

type Told = Omit<StoryEntry, 'at'>;
type Before = ReadonlyMap<string, StoryEntry>;

/** An alert, an approval, a retraining and a rollout are a line each, from their beginning to their end. */
export const tellDecision = (news: DecisionNews, before: Before): Told[] => {
  const key = `${news.subject.type}:${news.subject.id}`;
  switch (news.type) {
    case 'window.closed':
      return [];
    case 'drift.found': {
      const { endpoint, columns, windowId } = news.data;
      const effect = Math.max(0, ...columns.map((column) => column.effect));
      return [
        {
          key: `drift:${windowId}`,
          mark: 'attention',
          fact: { kind: 'drift', endpoint, columns: [...new Set(columns.map(({ column }) => column))], effect },
        },
      ];
    }
    case 'quality.failed': {
      const message = news.data.findings.map((finding) => finding.message).join('; ');
      return [{ key: `quality:${news.data.windowId}`, mark: 'broken', fact: { kind: 'quality', endpoint: news.data.endpoint, message } }];
    }
    case 'kpi.missed': {
      const { kpi, value, interval, target } = news.data;
      return [{ key: `kpi:${kpi}`, mark: 'broken', fact: { kind: 'kpi', kpi, value, low: interval[0], high: interval[1], target } }];
    }
    case 'alert.fired':
      return [alert(news.data.alertId, news.data.rule, 'firing', news.data.message)];
    case 'alert.acknowledged':
      return [alert(news.data.alertId, news.data.rule, 'acknowledged', news.data.comment)];
    case 'alert.resolved':
      return [alert(news.data.alertId, news.data.rule, 'resolved', messageOf(before.get(`alert:${news.data.alertId}`)))];
    case 'notification.sent':
    case 'notification.failed': {
      const problem = news.type === 'notification.failed' ? news.data.message : null;
      const fact = { kind: 'notification', channel: news.data.channel, problem } as const;
      return [{ key: `notification:${news.data.channel}:${news.data.alertId}`, mark: problem === null ? 'ok' : 'broken', fact }];
    }
    case 'gate.judged': {
      const { model, version, passed, gates } = news.data;
      const message = gates.map((gate) => gate.message).join('; ');
      return [{ key: `gates:${model}:${version}`, mark: passed ? 'ok' : 'broken', fact: { kind: 'gates', version, passed, message } }];
    }
    case 'approval.asked':
      return [approval(news.data.approvalId, { state: 'asked', given: 0, needed: news.data.needed, message: news.data.message })];
    case 'approval.given':
      return [
        approval(news.data.approvalId, { state: 'given', given: news.data.given, needed: news.data.needed, message: news.data.comment }),
      ];
    case 'approval.refused':
      return [approval(news.data.approvalId, { state: 'refused', given: 0, needed: 0, message: news.data.comment })];
    case 'retraining.started':
    case 'retraining.refused':
    case 'retraining.ended':
      return [retraining(news, before)];
    default:
      return [rollout(key, news, before)];
  }
};

const messageOf = (entry: StoryEntry | undefined): string => (entry?.fact.kind === 'alert' ? entry.fact.message : '');

const alertMarks = { firing: 'broken', acknowledged: 'attention', resolved: 'ok' } as const;
const alert = (id: string, rule: string, state: keyof typeof alertMarks, message: string): Told => ({
  key: `alert:${id}`,
  mark: alertMarks[state],
  fact: { kind: 'alert', rule, state, message },
});

const approvalMarks = { asked: 'attention', given: 'ok', refused: 'stopped' } as const;
const approval = (id: string, said: Omit<Extract<DecisionFact, { kind: 'approval' }>, 'kind'>): Told => ({
  key: `approval:${id}`,
  mark: said.state === 'given' && said.given < said.needed ? 'attention' : approvalMarks[said.state],
  fact: { kind: 'approval', ...said },
});

type RetrainingNews = Extract<DecisionNews, { type: `retraining.${string}` }>;
const retraining = (news: RetrainingNews, before: Before): Told => {
  const key = `retraining:${news.data.monitor}:${news.type === 'retraining.refused' ? news.id : 'on'}`;
  const known = before.get(key)?.fact;
  const fact = {
    because: '',
    rows: 0,
    status: 'running',
    message: '',
    version: null,
    ...(known?.kind === 'retraining' && known),
    kind: 'retraining' as const,
  };
  switch (news.type) {
    case 'retraining.started':
      return { key, mark: 'running', fact: { ...fact, because: news.data.because, rows: news.data.rows, status: 'running' } };
    case 'retraining.refused':
      return { key, mark: 'stopped', fact: { ...fact, because: news.data.because, status: 'refused', message: news.data.message } };
    case 'retraining.ended':
      return { key, mark: endMark(news.data.status), fact: { ...fact, status: news.data.status, version: news.data.version } };
  }
};

const endMark = (status: string): Mark => {
  if (status === 'succeeded' || status === 'promoted') return 'ok';
  return status === 'failed' || status === 'rolled_back' ? 'broken' : 'stopped';
};

type RolloutNews = Extract<DecisionNews, { type: `rollout.${string}` }>;
const rollout = (key: string, news: RolloutNews, before: Before): Told => {
  const { endpoint, number } = news.data;
  const known = before.get(key)?.fact;
  const fact: RolloutFact = {
    model: null,
    version: null,
    stage: null,
    share: 0,
    status: 'running',
    message: '',
    ...(known?.kind === 'rollout' && known),
    kind: 'rollout',
    endpoint,
    number,
  };
  switch (news.type) {
    case 'rollout.started':
      return { key, mark: 'running', fact: { ...fact, model: news.data.model, version: news.data.version } };
    case 'rollout.stepped':
      return { key, mark: 'running', fact: { ...fact, stage: news.data.stage, share: news.data.share, message: news.data.message } };
    case 'rollout.decided':
      return { key, mark: 'running', fact: { ...fact, message: news.data.message } };
    case 'rollout.paused':
      return { key, mark: 'attention', fact: { ...fact, status: 'paused', message: news.data.reason } };
    case 'rollout.resumed':
      return { key, mark: 'running', fact: { ...fact, status: 'running', message: news.data.reason } };
    case 'rollout.ended':
      return { key, mark: endMark(news.data.status), fact: { ...fact, status: news.data.status, message: news.data.message } };
  }
};
