import type { Trace } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { RunLink } from '../../ui/run-link.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { shortDigest } from '../../ui/shorten.ts';
import { traceQuery } from './queries.ts';
import { useEndpointWords } from './use-endpoint-words.ts';

/** From a prediction back to the rows that its model learned from. */
export const TrailPanel = ({ project, predictionId }: { project: string; predictionId: string }) => {
  const { f } = useI18n();
  const { trail: words } = useEndpointWords();
  const { data: trace, error, refetch } = useQuery(traceQuery(project, predictionId));
  return (
    <Panel
      title={words.title}
      note={words.note}
      actions={trace && <span className="quiet small num">{words.took(f.duration(trace.milliseconds / 1000))}</span>}
    >
      {!trace && !error && (
        <p className="quiet" role="status">
          {words.looking}
        </p>
      )}
      {error && !trace && <Problem error={error} onRetry={() => void refetch()} />}
      {trace && <Trail project={project} trace={trace} />}
    </Panel>
  );
};

const Trail = ({ project, trace }: { project: string; trace: Trace }) => {
  const { f } = useI18n();
  const words = useEndpointWords();
  const { trail } = words;
  const { deployment, modelVersion, run, commit, changes, codeDigest, datasetVersions, learnedFrom } = trace;
  const unknown = <span className="quiet">{trail.unknown}</span>;
  return (
    <>
      <ol className="trail plain-list num">
        <Station name={trail.deployment}>
          {deployment === null ? (
            unknown
          ) : (
            <Link to="/p/$project/endpoints/$endpoint" params={{ project, endpoint: deployment.endpoint }} className="text-link">
              {deployment.endpoint} {deployment.number}
            </Link>
          )}
        </Station>
        <Station name={trail.version}>
          {modelVersion === null ? (
            unknown
          ) : (
            <Link
              to="/p/$project/models/$model/$number"
              params={{ project, model: modelVersion.model, number: String(modelVersion.number) }}
              className="text-link"
              dir="auto"
            >
              {words.version(modelVersion.model, modelVersion.number)}
            </Link>
          )}
        </Station>
        <Station name={trail.run}>{run === null ? unknown : <RunLink project={project} runId={run.id} name={run.name} />}</Station>
        <Station name={trail.commit}>
          {commit === null ? <span className="quiet">{trail.noCommit}</span> : <CopyText text={commit} shown={commit.slice(0, 12)} />}
          {changes !== null && <span className="quiet small">{trail.changed}</span>}
          {codeDigest !== null && (
            <span className="small">
              {trail.code} <CopyText text={codeDigest} shown={shortDigest(codeDigest)} />
            </span>
          )}
        </Station>
        <Station name={trail.data}>
          {datasetVersions.length === 0 && unknown}
          {datasetVersions.map(({ id, dataset, number, digest, rows }) => (
            <span key={id} className="lineage-part">
              <strong>{words.version(dataset, number)}</strong>
              <span className="quiet small">{trail.rows(f.number(rows))}</span>
              <CopyText text={digest} shown={shortDigest(digest)} />
            </span>
          ))}
        </Station>
      </ol>
      {learnedFrom.map((learned) => (
        <Rows key={learned.input} learned={learned} />
      ))}
    </>
  );
};

const Station = ({ name, children }: { name: string; children: ReactNode }) => (
  <li className="trail-station">
    <span className="lineage-name">{name}</span>
    {children}
  </li>
);

const Rows = ({ learned: { input, rows, digest, first } }: { learned: Trace['learnedFrom'][number] }) => {
  const { f } = useI18n();
  const { trail } = useEndpointWords();
  const columns = [...new Set(first.flatMap((row) => Object.keys(row)))];
  return (
    <section aria-label={input} className="trail-rows">
      <h3 className="sub-title num">
        {trail.learned(input, f.number(rows))} <CopyText text={digest} shown={shortDigest(digest)} />
      </h3>
      {first.length > 0 && (
        <ScrollTable label={`${trail.first}, ${input}`}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col" className="mono" dir="auto">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {first.map((row, i) => (
              <tr key={i}>
                {columns.map((column) => (
                  <td key={column} dir="auto" className={column === '_row' ? 'mono' : 'cell-name'}>
                    {said(row[column])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </section>
  );
};

const said = (value: unknown): string =>
  value === null || value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
