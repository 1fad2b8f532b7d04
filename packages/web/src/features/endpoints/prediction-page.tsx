import type { BoucleEvent, Feedback, ModelVersion, Prediction } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { LivePage } from '../../live/live-page.tsx';
import { useLiveProject } from '../../live/use-live-project.ts';
import { CopyText } from '../../ui/copy-text.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { shortDigest, shortId } from '../../ui/shorten.ts';
import { StatusMark } from '../../ui/status.tsx';
import { sizeOf } from '../models/size.ts';
import { useModelWords } from '../models/use-model-words.ts';
import { ExplanationPanel } from './explanation-panel.tsx';
import { FeedbackPanel } from './feedback-panel.tsx';
import { outcomeMark } from './log-panel.tsx';
import { predictionQuery, traceQuery } from './queries.ts';
import { RowView } from './row-view.tsx';
import { answerOf, scoresOf } from './scores.ts';
import { ScoresList } from './scores-list.tsx';
import { TrailPanel } from './trail-panel.tsx';
import { useEndpointWords } from './use-endpoint-words.ts';
import '../../ui/facts.css';
import '../models/models.css';
import './endpoints.css';

/** Why this answer? */
export const PredictionPage = () => {
  const words = useEndpointWords();
  const { project, predictionId } = useParams({ from: '/p/$project/predictions/$predictionId' });
  const query = predictionQuery(project, predictionId);
  const known = useQuery(query);
  const endpoint = known.data?.prediction.endpoint;
  const live = useLiveProject({
    project,
    concerns: ({ type, data }: BoucleEvent) => type === 'feedback.recorded' && data['endpoint'] === endpoint,
    keys: [query.queryKey],
  });
  return (
    <LivePage
      project={project}
      title={words.prediction.title(shortId(predictionId))}
      lead={words.prediction.question}
      above={
        <p className="page-above">
          {endpoint === undefined ? (
            <Link to="/p/$project/endpoints" params={{ project }} className="text-link">
              {words.all}
            </Link>
          ) : (
            <Link to="/p/$project/endpoints/$endpoint" params={{ project, endpoint }} className="text-link">
              {words.prediction.of(endpoint)}
            </Link>
          )}
        </p>
      }
      query={known}
      live={live}
    >
      {({ prediction, feedback }) => <Loaded prediction={prediction} feedback={feedback} onChange={live.refresh} />}
    </LivePage>
  );
};

interface LoadedProps {
  readonly prediction: Prediction;
  readonly feedback: readonly Feedback[];
  readonly onChange: () => void;
}

const Loaded = ({ prediction, feedback, onChange }: LoadedProps) => {
  const { project, id, outputs, outcome } = prediction;
  const trace = useQuery(traceQuery(project, id));
  const version = trace.data?.modelVersion ?? undefined;
  return (
    <div className="models">
      <div className="models-pair">
        <InputPanel prediction={prediction} />
        <OutputPanel prediction={prediction} labels={version?.labels ?? []} />
      </div>
      {outcome === 'ok' && (
        <div className="models-pair">
          <ExplanationPanel project={project} by={version && { model: version.model, number: version.number }} row={rowOf(prediction)} />
          <FeedbackPanel
            project={project}
            predictionId={id}
            answer={answerOf(outputs)}
            labels={version?.labels ?? []}
            feedback={feedback}
            isReady={!trace.isPending}
            onChange={onChange}
          />
        </div>
      )}
      <FactsPanel prediction={prediction} version={version} />
      <TrailPanel project={project} predictionId={id} />
    </div>
  );
};

/** An input that was too large stands in the log by the digest of a blob. */
const largeOf = (inputs: unknown): { readonly blob: string; readonly bytes: number } | undefined => {
  if (typeof inputs !== 'object' || inputs === null) return undefined;
  const { blob, bytes } = inputs as Record<string, unknown>;
  return typeof blob === 'string' && /^blob:[0-9a-f]{64}$/.test(blob) && typeof bytes === 'number' ? { blob, bytes } : undefined;
};
const rowOf = ({ inputs }: Prediction): Readonly<Record<string, unknown>> | undefined =>
  typeof inputs === 'object' && inputs !== null && !largeOf(inputs) ? (inputs as Record<string, unknown>) : undefined;

const InputPanel = ({ prediction: { project, inputs } }: { prediction: Prediction }) => {
  const { f } = useI18n();
  const { prediction: words } = useEndpointWords();
  const { byteUnits } = useModelWords();
  const large = largeOf(inputs);
  return (
    <Panel title={words.input}>
      {large ? (
        <p>
          {words.large(sizeOf(large.bytes, byteUnits, f))}{' '}
          <a href={`/api/v1/projects/${encodeURIComponent(project)}/blobs/${large.blob}`} className="text-link">
            {words.largeOpen}
          </a>
        </p>
      ) : (
        <RowView row={inputs} label={words.input} />
      )}
    </Panel>
  );
};

const OutputPanel = ({ prediction: { outcome, outputs, error }, labels }: { prediction: Prediction; labels: readonly string[] }) => {
  const { prediction: words, log } = useEndpointWords();
  const scores = scoresOf(outputs, labels);
  return (
    <Panel title={words.output}>
      {outcome === 'ok' ? (
        <>
          {scores.length > 0 && <ScoresList scores={scores} />}
          <RowView row={outputs} label={words.output} />
        </>
      ) : (
        <p className="with-mark">
          <StatusMark mark={outcomeMark[outcome]} size={15} />
          <span>
            <strong>{words.refused}</strong> {log.outcome[outcome]}. {error !== null && <ServerText text={error} />}
          </span>
        </p>
      )}
    </Panel>
  );
};

const FactsPanel = ({ prediction, version }: { prediction: Prediction; version: ModelVersion | undefined }) => {
  const { f } = useI18n();
  const words = useEndpointWords();
  const { prediction: said, none } = words;
  const { project, id, endpoint, variant, share, digest, unit, subject, clientId, latencyMs, eventTime, shadowOf, outcome } = prediction;
  return (
    <Panel title={said.facts}>
      <Facts
        className="facts facts-columns num"
        of={[
          [words.trying.id, <CopyText key="id" text={id} shown={shortId(id)} label={words.trying.id} />],
          [said.outcome, words.log.outcome[outcome]],
          [
            said.endpoint,
            <Link key="endpoint" to="/p/$project/endpoints/$endpoint" params={{ project, endpoint }} className="text-link">
              {endpoint}
            </Link>,
          ],
          [
            said.version,
            version ? (
              <Link
                key="version"
                to="/p/$project/models/$model/$number"
                params={{ project, model: version.model, number: String(version.number) }}
                className="text-link"
                dir="auto"
              >
                {words.version(version.model, version.number)}
              </Link>
            ) : (
              none
            ),
          ],
          [said.variant, variant ?? none],
          [said.shareThen, share === null ? said.named : f.percent(share)],
          [said.digest, digest === null ? none : <CopyText key="digest" text={digest} shown={shortDigest(digest)} label={said.digest} />],
          [said.unit, unit ?? none],
          [said.subject, subject ?? none],
          [said.client, clientId ?? none],
          [said.latency, f.duration(latencyMs / 1000)],
          [said.time, f.moment(Date.parse(eventTime))],
          ...(shadowOf === null
            ? []
            : [
                [
                  said.shadowOf,
                  <Link
                    key="shadow"
                    to="/p/$project/predictions/$predictionId"
                    params={{ project, predictionId: shadowOf }}
                    className="text-link"
                  >
                    {shortId(shadowOf)}
                  </Link>,
                ] as const,
              ]),
        ]}
      />
    </Panel>
  );
};
