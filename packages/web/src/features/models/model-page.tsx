import type { BoucleEvent, RegisteredModel } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { LivePage } from '../../live/live-page.tsx';
import { projectKey } from '../../live/queries.ts';
import { useLiveProject } from '../../live/use-live-project.ts';
import { Panel } from '../../ui/panel.tsx';
import { endpointsKey, endpointsQuery } from '../endpoints/queries.ts';
import { rolloutsQuery } from '../rollouts/queries.ts';
import { AboutPanel } from './about-panel.tsx';
import { AliasesPanel } from './aliases-panel.tsx';
import { ApprovalsList } from './approvals-list.tsx';
import { placesOf } from './followers.ts';
import { GatesPanels } from './gates-panel.tsx';
import { PlacesPanel } from './places-panel.tsx';
import { declaredQuery, modelQuery, modelsKey, versionsQuery } from './queries.ts';
import { useModelWords } from './use-model-words.ts';
import { VersionsTable } from './versions-table.tsx';
import './models.css';

/** Of models, of what is deployed, and of what people are asked. */
const news = /^(model|model_version|model_tag|model_version_tag|alias|gate|approval|rollout|deployment|manifest)\./;
const concerns = ({ type }: BoucleEvent): boolean => news.test(type);

/** Which version may go to production, and who said so? */
export const ModelPage = () => {
  const words = useModelWords();
  const { project, model } = useParams({ from: '/p/$project/models/$model' });
  const known = useQuery(modelQuery(project, model));
  const live = useLiveProject({
    project,
    concerns,
    keys: [modelsKey(project), endpointsKey(project), rolloutsQuery(project).queryKey, [...projectKey(project), 'approval']],
  });
  return (
    <LivePage
      project={project}
      title={model}
      lead={words.question}
      above={
        <p className="page-above">
          <Link to="/p/$project/models" params={{ project }} className="text-link">
            {words.all}
          </Link>
        </p>
      }
      query={known}
      live={live}
    >
      {(loaded) => <Loaded model={loaded} onChange={live.refresh} />}
    </LivePage>
  );
};

const Loaded = ({ model, onChange }: { model: RegisteredModel; onChange: () => void }) => {
  const { f } = useI18n();
  const words = useModelWords();
  const { project, name } = model;
  const found = useInfiniteQuery(versionsQuery(project, name));
  const versions = found.data?.pages.flatMap(({ items }) => items) ?? [];
  const endpoints = useQuery(endpointsQuery(project)).data?.items ?? [];
  const declared = useQuery(declaredQuery(project)).data ?? [];
  const rollouts = useQuery(rolloutsQuery(project)).data?.items ?? [];
  return (
    <div className="models">
      <Panel
        title={words.versions.title}
        note={`${words.versions.note}. ${capital(words.updated(f.dayHour(Date.parse(model.updatedAt))))}`}
      >
        {found.isSuccess && versions.length === 0 && <p className="quiet">{words.versions.none}</p>}
        {versions.length > 0 && <VersionsTable versions={versions} />}
        {found.hasNextPage && (
          <Button variant="default" mt={12} loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {words.versions.earlier}
          </Button>
        )}
      </Panel>
      <div className="models-pair">
        <AliasesPanel model={model} numbers={versions.map(({ number }) => number)} places={{ endpoints, declared }} onChange={onChange} />
        <PlacesPanel project={project} places={placesOf(endpoints, { model: name })} />
      </div>
      {model.latest !== null && <GatesPanels project={project} model={name} number={model.latest} declared={declared} />}
      <ApprovalsList rollouts={rollouts.filter(({ candidate }) => candidate.model === name)} onChange={onChange} />
      <AboutPanel description={model.description} tags={model.tags} />
    </div>
  );
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
