import { ApiError } from '@boucle/sdk';
import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { type LiveOverview, pollMs, useLiveOverview } from '../../live/use-live-overview.ts';
import { Notice } from '../../ui/notice.tsx';
import { PageHead, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useNow } from '../../ui/use-now.ts';
import { usePageTitle } from '../../ui/use-page-title.ts';
import { UnknownProject } from '../projects/unknown-project.tsx';
import { ConnectionLine } from './connection-line.tsx';
import { LoopCentre } from './loop-centre.tsx';
import { LoopPicture } from './loop-picture.tsx';
import { OverviewSkeleton } from './overview-skeleton.tsx';
import { StartHere } from './start-here.tsx';
import { isUntouched } from './stations.ts';
import { stepRows } from './step-rows.ts';
import { StepsPanel } from './steps-panel.tsx';
import { StoryPanel } from './story-panel.tsx';
import { tellStory } from './story.ts';
import { TileList } from './tile-list.tsx';
import './overview-page.css';

/** Is the loop turning, and does the problem get better? */
export const OverviewPage = ({ project }: { project: string }) => {
  const { t } = useI18n();
  const live = useLiveOverview(project);
  usePageTitle(t.title(t.nav.overview, project));
  const { overview, error, refresh } = live;
  if (error instanceof ApiError && error.code === 'not_found') return <UnknownProject project={project} />;
  if (!overview) return error ? <Problem error={error} onRetry={refresh} /> : <OverviewSkeleton />;
  return <LoadedOverview {...live} overview={overview} />;
};

const LoadedOverview = ({
  overview,
  run,
  story,
  connection,
  skewMs,
  error,
  refresh,
}: LiveOverview & { overview: NonNullable<LiveOverview['overview']> }) => {
  const { t } = useI18n();
  const isRunning = overview.pipelines.state === 'running';
  const now = useNow(isRunning ? 200 : 1000) + skewMs;
  const rows = useMemo(() => (run ? stepRows(run, story) : []), [run, story]);
  const entries = useMemo(() => tellStory(story), [story]);
  const at = Math.max(Date.parse(overview.at), Date.parse(story.at(-1)?.at ?? overview.at));
  return (
    <>
      <PageHead
        title={t.nav.overview}
        lead={overview.framing.problem || t.question.overview}
        aside={<ConnectionLine connection={error ? 'lost' : connection} at={at} now={now} />}
      />
      {(connection === 'lost' || error) && <LostNotice at={at} isSilent={error !== null} onAsk={refresh} />}
      <div className="overview-top">
        <div className="overview-left">
          <Panel title={t.loop.title}>
            <LoopPicture overview={overview}>
              <LoopCentre overview={overview} rows={rows} story={story} now={now} />
            </LoopPicture>
          </Panel>
          {run && <StepsPanel run={run} rows={rows} now={now} />}
        </div>
        <div className="overview-right">
          {isUntouched(overview) ? <StartHere /> : <StoryPanel correlationId={overview.story} entries={entries} now={now} />}
        </div>
      </div>
      <TileList overview={overview} />
    </>
  );
};

const LostNotice = ({ at, isSilent, onAsk }: { at: number; isSilent: boolean; onAsk: () => void }) => {
  const { t, f } = useI18n();
  const [time, every] = [f.time(at), f.duration(pollMs / 1000)];
  return (
    <Notice
      mark={isSilent ? 'broken' : 'attention'}
      title={isSilent ? t.live.silentTitle : t.live.lostTitle}
      body={isSilent ? t.live.silentBody(time, every) : t.live.lostBody(time, every)}
      action={
        <Button variant="default" onClick={onAsk}>
          {t.live.again}
        </Button>
      }
    />
  );
};
