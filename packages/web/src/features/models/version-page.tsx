import type { BoucleEvent, ModelVersion } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { LivePage } from '../../live/live-page.tsx';
import { projectKey } from '../../live/queries.ts';
import { useLiveProject } from '../../live/use-live-project.ts';
import { CopyText } from '../../ui/copy-text.tsx';
import { shortDigest } from '../../ui/shorten.ts';
import { endpointsKey, endpointsQuery } from '../endpoints/queries.ts';
import { rolloutsQuery } from '../rollouts/queries.ts';
import { AboutPanel } from './about-panel.tsx';
import { ApprovalsList } from './approvals-list.tsx';
import { DifferencePanel } from './difference-panel.tsx';
import { EvidencePanel } from './evidence-panel.tsx';
import { CardPanel, FilesPanel } from './files-panels.tsx';
import { placesOf } from './followers.ts';
import { GatesPanels } from './gates-panel.tsx';
import { LineagePanel } from './lineage-panel.tsx';
import { declaredQuery, modelsKey, versionQuery } from './queries.ts';
import { SignaturePanel } from './signature-panel.tsx';
import { useModelWords } from './use-model-words.ts';
import './models.css';

const news = /^(model|model_version|model_version_tag|alias|gate|approval|rollout|deployment)\./;
const concerns = ({ type }: BoucleEvent): boolean => news.test(type);

/** What a version is, what shows that it is good, and where it comes from. */
export const VersionPage = () => {
  const words = useModelWords();
  const { project, model, number } = useParams({ from: '/p/$project/models/$model/$number' });
  const { against } = useSearch({ from: '/p/$project/models/$model/$number' });
  const version = useQuery(versionQuery(project, model, Number(number)));
  const live = useLiveProject({
    project,
    concerns,
    keys: [modelsKey(project), endpointsKey(project), rolloutsQuery(project).queryKey, [...projectKey(project), 'approval']],
  });
  return (
    <LivePage
      project={project}
      title={words.title(model, Number(number))}
      lead={version.data ? <Lead version={version.data} /> : words.versionQuestion}
      above={
        <p className="page-above">
          <Link to="/p/$project/models/$model" params={{ project, model }} className="text-link" dir="auto">
            {words.allVersions(model)}
          </Link>
        </p>
      }
      query={version}
      live={live}
    >
      {(loaded) => <Loaded version={loaded} against={against} onChange={live.refresh} />}
    </LivePage>
  );
};

const Lead = ({ version }: { version: ModelVersion }) => {
  const { f } = useI18n();
  const words = useModelWords();
  const { aliases, stage, digest, createdAt, createdBy, task } = version;
  return (
    <span className="version-lead num">
      {aliases.map((alias) => (
        <span key={alias} className="chip" dir="auto">
          {alias}
        </span>
      ))}
      {stage !== 'none' && <span>{words.stages[stage]}</span>}
      {task !== null && <span>{task}</span>}
      <span>{words.registered(createdBy, f.dayHour(Date.parse(createdAt)))}</span>
      {digest !== null && <CopyText text={digest} shown={shortDigest(digest)} />}
    </span>
  );
};

const Loaded = ({ version, against, onChange }: { version: ModelVersion; against: number | undefined; onChange: () => void }) => {
  const { project, model, number } = version;
  const endpoints = useQuery(endpointsQuery(project)).data?.items ?? [];
  const declared = useQuery(declaredQuery(project)).data ?? [];
  const rollouts = useQuery(rolloutsQuery(project)).data?.items ?? [];
  const ofThis = rollouts.filter(({ candidate }) => candidate.model === model && candidate.version === number);
  return (
    <div className="models">
      <LineagePanel version={version} places={placesOf(endpoints, { model, number })} />
      <div className="models-pair">
        <EvidencePanel version={version} />
        <SignaturePanel version={version} />
      </div>
      <GatesPanels project={project} model={model} number={number} declared={declared} />
      {ofThis.some(({ approvalId }) => approvalId !== null) && <ApprovalsList rollouts={ofThis} onChange={onChange} />}
      <DifferencePanel version={version} against={against} />
      <div className="models-pair">
        <CardPanel version={version} />
        <FilesPanel version={version} />
      </div>
      <AboutPanel description={version.description} tags={version.tags} />
    </div>
  );
};
