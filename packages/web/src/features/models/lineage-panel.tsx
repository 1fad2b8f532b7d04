import type { ModelVersion } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CopyText } from '../../ui/copy-text.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RunLink } from '../../ui/run-link.tsx';
import { shortDigest, shortId } from '../../ui/shorten.ts';
import type { Place } from './followers.ts';
import { madeByQuery, runQuery } from './queries.ts';
import { useModelWords } from './use-model-words.ts';

/** From the rows over pipeline and run to what answers, each a step of one path. */
export const LineagePanel = ({ version, places }: { version: ModelVersion; places: readonly Place[] }) => {
  const words = useModelWords();
  const { lineage } = words;
  const { project, model, number, runId, stepRunId, source, runLink, correlationId } = version;
  const run = useQuery(runQuery(project, runId)).data;
  const pipelineRun = useQuery(madeByQuery(project, stepRunId)).data;
  const inputs = new Map(
    [...(run?.inputs ?? []), ...Object.values(pipelineRun?.inputs ?? {})].map((input) => [`${input.dataset} ${input.number}`, input]),
  );
  const unknown = <span className="quiet">{lineage.unknown}</span>;
  return (
    <Panel
      title={lineage.title}
      note={lineage.note}
      actions={
        <Link to="/p/$project/stories/$id" params={{ project, id: correlationId }} className="text-link">
          {lineage.story}
        </Link>
      }
    >
      <ol className="lineage plain-list">
        <Station name={lineage.data}>
          {inputs.size === 0 && unknown}
          {[...inputs.values()].map(({ dataset, number: version_, digest }) => (
            <span key={`${dataset} ${version_}`} className="lineage-part">
              <strong>
                {dataset} {words.version(version_)}
              </strong>
              <CopyText text={digest} shown={shortDigest(digest)} />
            </span>
          ))}
        </Station>
        <Station name={lineage.pipeline}>
          {pipelineRun ? (
            <strong>
              {pipelineRun.pipeline} #{pipelineRun.number}
            </strong>
          ) : (
            unknown
          )}
        </Station>
        <Station name={lineage.run}>
          {runId === null ? unknown : <RunLink project={project} runId={runId} name={run?.name} />}
          {run && (
            <span className="quiet small">
              {run.commit === null ? lineage.noCommit : lineage.commit(run.commit.slice(0, 12))}
              {run.changes !== null && `, ${lineage.changed}`}
            </span>
          )}
          {run?.codeDigest && (
            <span className="small">
              {lineage.code} <CopyText text={run.codeDigest} shown={shortId(run.codeDigest.slice(5))} />
            </span>
          )}
          {runLink !== null && (
            <span className="small">
              {lineage.foreignRun} <span className="mono">{runLink}</span>
            </span>
          )}
        </Station>
        <Station name={lineage.version} isHere>
          <strong dir="auto">{words.title(model, number)}</strong>
          {source !== null && (
            <span className="small quiet">
              {lineage.source} <span className="mono">{source}</span>
            </span>
          )}
        </Station>
        <Station name={lineage.endpoint}>
          {places.length === 0 && <span className="quiet">{lineage.nowhere}</span>}
          {places.map(({ endpoint, mode }) => (
            <Link key={`${endpoint} ${mode}`} to="/p/$project/endpoints/$endpoint" params={{ project, endpoint }} className="text-link">
              {endpoint}
            </Link>
          ))}
        </Station>
      </ol>
    </Panel>
  );
};

const Station = ({ name, isHere = false, children }: { name: string; isHere?: boolean; children: ReactNode }) => (
  <li className={isHere ? 'lineage-station lineage-here' : 'lineage-station'} {...(isHere && { 'aria-current': 'true' })}>
    <span className="lineage-name">{name}</span>
    {children}
  </li>
);
