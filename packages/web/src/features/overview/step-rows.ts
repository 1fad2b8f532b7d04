import type { PipelineRun, StepStatus } from '@boucle/contract';
import type { News } from '../../live/news.ts';
import { stepStatusOf } from './step-status.ts';

/** One step of a pipeline run, as far as it is known now. Times are epoch milliseconds. */
export interface StepRow {
  readonly step: string;
  readonly status: StepStatus;
  readonly attempt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly done: number | null;
  readonly total: number | null;
  readonly message: string | null;
  readonly where: string | null;
}

/** The steps in the order of the plan: what the server said when it was asked, and what the stream has said of them since. */
export const stepRows = (run: PipelineRun, news: readonly News[]): StepRow[] => {
  const rows = new Map(run.plan.steps.map(({ id }) => [id, blank(id)]));
  for (const event of news) {
    const row = stepOf(event, run.id);
    const before = row && rows.get(row.step);
    if (before) rows.set(before.step, hear(before, event));
  }
  for (const asked of run.steps.map(fromAnswer)) rows.set(asked.step, later(rows.get(asked.step) ?? blank(asked.step), asked));
  return [...rows.values()];
};

const blank = (step: string): StepRow => ({
  step,
  status: 'waiting',
  attempt: 0,
  startedAt: null,
  endedAt: null,
  done: null,
  total: null,
  message: null,
  where: null,
});

const stepOf = (news: News, runId: string) => ('step' in news.data && news.data.pipelineRunId === runId ? news.data : undefined);

const hear = (row: StepRow, news: News): StepRow => {
  const at = Date.parse(news.at);
  switch (news.type) {
    case 'step_run.queued':
      return { ...row, status: 'queued' };
    case 'step_run.started':
      return { ...blank(row.step), status: 'running', attempt: news.data.attempt, startedAt: at };
    case 'step_run.progressed':
      return { ...row, status: 'running', done: news.data.done, total: news.data.total ?? null };
    case 'step_run.ended':
      return { ...row, status: stepStatusOf(news.data.status), endedAt: at, message: news.data.message ?? null };
    default:
      return row;
  }
};

const fromAnswer = (step: PipelineRun['steps'][number]): StepRow => ({
  step: step.step,
  status: step.status,
  attempt: step.attempt,
  startedAt: step.startedAt === null ? null : Date.parse(step.startedAt),
  endedAt: step.endedAt === null ? null : Date.parse(step.endedAt),
  done: step.progress?.done ?? null,
  total: step.progress?.total ?? null,
  message: step.failure?.message ?? null,
  where: step.failure?.where ?? null,
});

const ranks: Record<StepStatus, number> = { waiting: 0, queued: 1, running: 2, succeeded: 3, cached: 3, failed: 3, cancelled: 3, lost: 3 };

/** Neither source is always ahead of the other. What has ended stays so; of equals, the answer knows more, and the stream counts faster. */
const later = (heard: StepRow, asked: StepRow): StepRow => {
  if (heard.attempt !== asked.attempt && ranks[asked.status] < 3) return heard.attempt > asked.attempt ? heard : asked;
  if (ranks[heard.status] > ranks[asked.status]) return heard;
  return { ...asked, done: Math.max(asked.done ?? 0, heard.done ?? 0) || asked.done, total: asked.total ?? heard.total };
};

export interface Span {
  /** Shares of the whole, 0 to 1. */
  readonly from: number;
  readonly to: number;
}

/** Where a step lies in the time of its pipeline run; undefined for one that has not begun, or took no time of its own. */
export const spanOf = (row: StepRow, startedAt: number, endedAt: number): Span | undefined => {
  if (row.startedAt === null || row.status === 'cached') return undefined;
  const whole = Math.max(endedAt - startedAt, 1);
  const share = (at: number) => Math.min(1, Math.max(0, (at - startedAt) / whole));
  return { from: share(row.startedAt), to: share(row.endedAt ?? endedAt) };
};

export const secondsOf = (row: StepRow, now: number): number | undefined =>
  row.startedAt === null || row.status === 'cached' ? undefined : Math.max(0, (row.endedAt ?? now) - row.startedAt) / 1000;
