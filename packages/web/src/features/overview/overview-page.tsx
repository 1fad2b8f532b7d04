import { ApiError } from '@boucle/sdk';
import { useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { ConnectionLine } from '../../live/connection-line.tsx';
import { LostNotice } from '../../live/lost-notice.tsx';
import { type LiveOverview, useLiveOverview } from '../../live/use-live-overview.ts';
import { PageHead, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useNow } from '../../ui/use-now.ts';
import { usePageTitle } from '../../ui/use-page-title.ts';
import { UnknownProject } from '../projects/unknown-project.tsx';
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
export const OverviewPage = () => {
  const { t } = useI18n();
  const { project } = useParams({ from: '/p/$project/overview' });
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
          {isUntouched(overview) ? (
            <StartHere />
          ) : (
            <StoryPanel project={overview.project} correlationId={overview.story} entries={entries} now={now} />
          )}
        </div>
      </div>
      <TileList overview={overview} />
    </>
  );
};
