import type { Overview } from '@boucle/contract';
import { useI18n } from '../../i18n/i18n.tsx';
import type { News } from '../../live/news.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { isUntouched } from './stations.ts';
import type { StepRow } from './step-rows.ts';
import { turnOf } from './turn.ts';
import './loop-centre.css';

interface Centre {
  readonly overview: Overview;
  readonly rows: readonly StepRow[];
  readonly story: readonly News[];
  readonly now: number;
}

/** The heart of the picture: what is going on this second, else how long the last turn took. */
export const LoopCentre = ({ overview, rows, story, now }: Centre) => {
  const { t, f } = useI18n();
  const running = rows.find(({ status }) => status === 'running');
  const failed = rows.find(({ status }) => status === 'failed' || status === 'lost');
  const turn = turnOf(story);
  if (isUntouched(overview)) return <Said big={t.loop.start} small={t.loop.startBody} />;
  if (running) {
    const done = rows.filter(({ endedAt, status }) => endedAt !== null || status === 'cached').length;
    return (
      <>
        <div className="centre-over num">{t.loop.ofSteps(f.number(done + 1), f.number(rows.length))}</div>
        <div className="centre-step clip">{running.step}</div>
        <ProgressBar done={running.done} total={running.total} label={running.step} />
        <div className="centre-small num">{progress(running, t, f)}</div>
      </>
    );
  }
  if (failed && overview.pipelines.state === 'broken') return <Said big={t.loop.failed(failed.step)} small={t.loop.failedWhere} isBad />;
  if (turn) return <Said big={f.duration(turn.seconds)} small={t.loop.turn} over={t.ago(f.ago(turn.endedAt, now))} />;
  const { seconds } = overview.pipelines;
  return seconds === null ? (
    <Said big={t.loop.begun} small={t.loop.startBody} />
  ) : (
    <Said big={f.duration(seconds)} small={t.loop.lastRun} />
  );
};

const progress = ({ done, total }: StepRow, t: ReturnType<typeof useI18n>['t'], f: ReturnType<typeof useI18n>['f']): string => {
  if (done === null) return '\u00a0';
  return total === null ? t.loop.progressOpen(f.number(done)) : t.loop.progress(f.number(done), f.number(total));
};

const Said = ({ over, big, small, isBad = false }: { over?: string; big: string; small: string; isBad?: boolean }) => (
  <>
    <div className={isBad ? 'centre-big centre-bad' : 'centre-big num'}>{big}</div>
    <div className="centre-small">{small}</div>
    {over && <div className="centre-over num">{over}</div>}
  </>
);
