import type { BoucleEvent, Deployment, Endpoint, Rollout } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { LivePage } from '../../live/live-page.tsx';
import { useLiveProject } from '../../live/use-live-project.ts';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { declaredQuery, modelQuery, modelsKey, versionQuery } from '../models/queries.ts';
import { rolloutsQuery } from '../rollouts/queries.ts';
import { isOver, statusMark } from '../rollouts/stages.ts';
import { useRolloutWords } from '../rollouts/use-rollout-words.ts';
import { DeployDialog, RollBackDialog } from './deploy-dialog.tsx';
import { DeploymentsPanel } from './deployments-panel.tsx';
import { LogPanel } from './log-panel.tsx';
import { deploymentsQuery, endpointQuery, endpointsKey, trafficQuery } from './queries.ts';
import { mainOf } from './served.ts';
import { TrafficPanel } from './traffic-panel.tsx';
import { TryPanel } from './try-panel.tsx';
import { useEndpointWords } from './use-endpoint-words.ts';
import { VariantsPanel } from './variants-panel.tsx';
import '../models/models.css';
import './endpoints.css';

const news = /^(deployment|rollout|predictions|alias|manifest)\./;
const concerns = ({ type, data }: BoucleEvent, endpoint: string): boolean =>
  news.test(type) && (data['endpoint'] === undefined || data['endpoint'] === endpoint);

/** What answers here, how well, and what was asked. */
export const EndpointPage = () => {
  const words = useEndpointWords();
  const { project, endpoint } = useParams({ from: '/p/$project/endpoints/$endpoint' });
  const known = useQuery(endpointQuery(project, endpoint));
  const live = useLiveProject({
    project,
    concerns: (event) => concerns(event, endpoint),
    // Of models only where their aliases point: this page has news every second while there is traffic.
    keys: [endpointsKey(project), [...modelsKey(project), 'model'], rolloutsQuery(project).queryKey],
  });
  return (
    <LivePage
      project={project}
      title={words.title(endpoint)}
      lead={known.data ? <Lead endpoint={known.data} /> : words.question}
      above={
        <p className="page-above">
          <Link to="/p/$project/endpoints" params={{ project }} className="text-link">
            {words.all}
          </Link>
        </p>
      }
      query={known}
      live={live}
    >
      {(loaded) => <Loaded endpoint={loaded} onChange={live.refresh} />}
    </LivePage>
  );
};

const stateMarks = { ready: 'ok', starting: 'running', failed: 'broken' } as const;

const Lead = ({ endpoint: { project, name, environment } }: { endpoint: Endpoint }) => {
  const words = useEndpointWords();
  const traffic = useQuery(trafficQuery(project, name)).data?.items[0];
  return (
    <span className="version-lead num">
      {traffic && (
        <>
          <StatusMark mark={stateMarks[traffic.state]} size={14} />
          <strong>{words.state[traffic.state]}</strong>
        </>
      )}
      <span>{words.environment(environment)}</span>
    </span>
  );
};

type Act = { readonly kind: 'deploy' } | { readonly kind: 'roll back'; readonly to: Deployment };

const Loaded = ({ endpoint, onChange }: { endpoint: Endpoint; onChange: () => void }) => {
  const { project, name, deployment } = endpoint;
  const search = useSearch({ from: '/p/$project/endpoints/$endpoint' });
  const traffic = useQuery(trafficQuery(project, name));
  const newest = useInfiniteQuery(deploymentsQuery(project, name)).data?.pages[0]?.items[0];
  const rollouts = (useQuery(rolloutsQuery(project)).data?.items ?? []).filter((one) => one.endpoint === name);
  const declared = (useQuery(declaredQuery(project)).data ?? []).find((one) => one.name === name);
  const main = deployment ? mainOf(deployment) : undefined;
  const model = main?.model ?? newest?.variants[0]?.model ?? '';
  const version = useQuery({ ...versionQuery(project, main?.model ?? '', main?.version ?? 0), enabled: main !== undefined }).data;
  const aliases = useQuery({ ...modelQuery(project, model), enabled: model !== '' }).data?.aliases ?? {};
  const [act, setAct] = useState<Act>();
  const dialog = {
    project,
    endpoint: name,
    current: deployment,
    rollout: rollouts.find((one) => !isOver(one)),
    onDone: onChange,
    onClose: () => setAct(undefined),
  };
  const served = traffic.data?.items[0];
  return (
    <div className="models">
      {newest?.status === 'failed' && <Failed newest={newest} current={deployment} onDeploy={() => setAct({ kind: 'deploy' })} />}
      <VariantsPanel deployment={deployment} traffic={served} />
      <TryPanel endpoint={name} version={version} onAnswer={onChange} />
      <TrafficPanel project={project} endpoint={name} traffic={served} at={traffic.dataUpdatedAt} />
      <LogPanel project={project} endpoint={name} search={search} />
      <DeploymentsPanel
        project={project}
        endpoint={name}
        onDeploy={() => setAct({ kind: 'deploy' })}
        onRollBack={(to) => setAct({ kind: 'roll back', to })}
      />
      <RolloutsPanel rollouts={rollouts} />
      {act?.kind === 'deploy' && <DeployDialog {...dialog} model={model} declared={declared?.model} />}
      {act?.kind === 'roll back' && <RollBackDialog {...dialog} to={act.to} aliases={aliases} />}
    </div>
  );
};

/** Why the newest deployment does not answer, what does meanwhile, and what can be done. */
const Failed = ({ newest, current, onDeploy }: { newest: Deployment; current: Deployment | null; onDeploy: () => void }) => {
  const words = useEndpointWords();
  const what = current?.variants.map(({ model, version }) => words.version(model, version)).join(', ');
  return (
    <div className="endpoint-failed">
      <Notice
        mark="broken"
        title={words.failure.title(newest.number)}
        body={
          <>
            {newest.message !== null && <ServerText text={newest.message} />}{' '}
            {current && what !== undefined ? words.failure.stays(current.number, what) : words.failure.silent} {words.failure.next}
          </>
        }
        action={
          <Button variant="default" onClick={onDeploy}>
            {words.failure.act}
          </Button>
        }
      />
    </div>
  );
};

const RolloutsPanel = ({ rollouts }: { rollouts: readonly Rollout[] }) => {
  const { f } = useI18n();
  const { rollouts: words } = useEndpointWords();
  const told = useRolloutWords();
  return (
    <Panel title={words.title} note={words.note}>
      {rollouts.length === 0 && <p className="quiet">{words.none}</p>}
      <ul className="places plain-list num">
        {rollouts.slice(0, 10).map((rollout) => (
          <li key={rollout.id} className="log-answer">
            <StatusMark mark={statusMark[rollout.status]} size={13} />
            <span>
              <Link to="/p/$project/rollouts/$id" params={{ project: rollout.project, id: rollout.id }} className="text-link">
                {told.title(rollout.number, rollout.endpoint)}
              </Link>{' '}
              {told.what(
                rollout.candidate.model,
                told.version(rollout.candidate.version),
                rollout.baseline && told.version(rollout.baseline.version),
              )}{' '}
              <span className="quiet">
                {told.status[rollout.status]}, {f.dayHour(Date.parse(rollout.startedAt))} UTC
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
};
