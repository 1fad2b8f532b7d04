import type { BoucleEvent, DeclaredEndpoint, Endpoint, EndpointTraffic, Rollout } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { LivePage } from '../../live/live-page.tsx';
import { useLiveProject } from '../../live/use-live-project.ts';
import { CopyText } from '../../ui/copy-text.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { declaredQuery } from '../models/queries.ts';
import { rolloutsQuery } from '../rollouts/queries.ts';
import { isOver } from '../rollouts/stages.ts';
import { endpointsKey, endpointsQuery, trafficQuery } from './queries.ts';
import { useEndpointWords } from './use-endpoint-words.ts';
import { FailedShare } from './variants-panel.tsx';
import '../models/models.css';
import './endpoints.css';

const news = /^(deployment|rollout|predictions|manifest)\./;
const concerns = ({ type }: BoucleEvent): boolean => news.test(type);

/** What answers now, and how well? */
export const EndpointsPage = () => {
  const { t } = useI18n();
  const words = useEndpointWords();
  const { project } = useParams({ from: '/p/$project/endpoints' });
  const endpoints = useQuery(endpointsQuery(project));
  const declared = useQuery(declaredQuery(project)).data ?? [];
  const live = useLiveProject({
    project,
    concerns,
    keys: [endpointsKey(project), rolloutsQuery(project).queryKey, declaredQuery(project).queryKey],
  });
  return (
    <LivePage project={project} title={t.nav.endpoints} lead={words.question} query={endpoints} live={live}>
      {({ items }) =>
        items.length === 0 && declared.length === 0 ? (
          <Empty icon="serving" title={words.empty.title} body={words.empty.body}>
            {words.empty.next} <CopyText text="boucle deploy ENDPOINT" />
          </Empty>
        ) : (
          <Environments project={project} endpoints={items} declared={declared} />
        )
      }
    </LivePage>
  );
};

interface EnvironmentsProps {
  readonly project: string;
  readonly endpoints: readonly Endpoint[];
  readonly declared: readonly DeclaredEndpoint[];
}

const Environments = ({ project, endpoints, declared }: EnvironmentsProps) => {
  const words = useEndpointWords();
  const traffic = useQuery(trafficQuery(project)).data?.items ?? [];
  const rollouts = useQuery(rolloutsQuery(project)).data?.items ?? [];
  const known = new Set(endpoints.map(({ name }) => name));
  const missing = declared.filter(({ name }) => !known.has(name));
  const environments = [...new Set([...endpoints, ...missing].map(({ environment }) => environment))].sort();
  return (
    <div className="models">
      {environments.map((environment) => (
        <Panel key={environment} title={words.environment(environment)} note={words.lately}>
          <ScrollTable label={words.environment(environment)}>
            <thead>
              <tr>
                <th scope="col" className="cell-name">
                  {words.name}
                </th>
                <th scope="col">{words.answers}</th>
                <th scope="col" className="cell-number">
                  {words.requests}
                </th>
                <th scope="col" className="cell-number">
                  {words.failed}
                </th>
                <th scope="col" className="cell-number">
                  {words.p95}
                </th>
                <th scope="col">{words.rollout}</th>
              </tr>
            </thead>
            <tbody>
              {endpoints
                .filter((one) => one.environment === environment)
                .map((endpoint) => (
                  <EndpointRow
                    key={endpoint.id}
                    endpoint={endpoint}
                    traffic={traffic.find((one) => one.endpoint === endpoint.name)}
                    rollout={rollouts.find((one) => one.endpoint === endpoint.name && !isOver(one))}
                  />
                ))}
              {missing
                .filter((one) => one.environment === environment)
                .map(({ name, model }) => {
                  const rollout = rollouts.find((one) => one.endpoint === name && !isOver(one));
                  return (
                    <tr key={name}>
                      <th scope="row" className="cell-name">
                        <span className="log-answer">
                          <StatusMark mark="idle" size={14} />
                          {name}
                        </span>
                      </th>
                      <td colSpan={4}>
                        <span className="quiet">{words.declaredOnly}</span> <span className="mono">{model}</span>{' '}
                        {!rollout && <CopyText text={words.deployIt(name)} />}
                      </td>
                      <td>
                        <RolloutLink rollout={rollout} />
                      </td>
                    </tr>
                  );
                })}
            </tbody>
          </ScrollTable>
        </Panel>
      ))}
    </div>
  );
};

const stateMarks = { ready: 'ok', starting: 'running', failed: 'broken' } as const;

interface EndpointRowProps {
  readonly endpoint: Endpoint;
  readonly traffic: EndpointTraffic | undefined;
  readonly rollout: Rollout | undefined;
}

const EndpointRow = ({ endpoint: { project, name, deployment }, traffic, rollout }: EndpointRowProps) => {
  const { f } = useI18n();
  const words = useEndpointWords();
  const state = traffic?.state ?? 'starting';
  return (
    <tr>
      <th scope="row" className="cell-name">
        <span className="log-answer">
          <StatusMark mark={stateMarks[state]} size={14} label={words.state[state]} />
          <Link to="/p/$project/endpoints/$endpoint" params={{ project, endpoint: name }} className="text-link">
            {name}
          </Link>
        </span>
      </th>
      <td className="cell-name">
        {deployment === null ? (
          <span className={state === 'failed' ? 'deployment-failed' : 'quiet'}>{words.state[state]}</span>
        ) : (
          deployment.variants.map(({ name: variant, model, version, share, mode }) => (
            <span key={variant} className="block">
              <Link
                to="/p/$project/models/$model/$number"
                params={{ project, model, number: String(version) }}
                className="text-link"
                dir="auto"
              >
                {words.version(model, version)}
              </Link>{' '}
              <span className="quiet">
                {f.percent(share)} {mode === 'shadow' && words.log.shadow}
              </span>
            </span>
          ))
        )}
      </td>
      <td className="cell-number">{traffic ? f.number(traffic.requests) : words.none}</td>
      <td className="cell-number">{traffic ? <FailedShare {...traffic} /> : words.none}</td>
      <td className="cell-number nowrap">{traffic?.latencyMs ? f.duration(traffic.latencyMs.p95 / 1000) : words.none}</td>
      <td>
        <RolloutLink rollout={rollout} />
      </td>
    </tr>
  );
};

const RolloutLink = ({ rollout }: { rollout: Rollout | undefined }) => {
  const words = useEndpointWords();
  if (!rollout) return <span className="quiet">{words.none}</span>;
  return (
    <Link to="/p/$project/rollouts/$id" params={{ project: rollout.project, id: rollout.id }} className="text-link">
      {words.rolloutOf(rollout.number, rollout.candidate.version)}
    </Link>
  );
};
