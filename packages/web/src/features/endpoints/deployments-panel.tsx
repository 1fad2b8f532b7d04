import type { Deployment } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { type Mark, StatusMark } from '../../ui/status.tsx';
import { deploymentsQuery } from './queries.ts';
import { useEndpointWords } from './use-endpoint-words.ts';

const marks: Record<Deployment['status'], Mark> = { starting: 'running', ready: 'ok', failed: 'broken', retired: 'stopped' };

interface DeploymentsPanelProps {
  readonly project: string;
  readonly endpoint: string;
  readonly onDeploy: () => void;
  readonly onRollBack: (to: Deployment) => void;
}

/** What was ever deployed here, why it failed where it did, and the way back. */
export const DeploymentsPanel = ({ project, endpoint, onDeploy, onRollBack }: DeploymentsPanelProps) => {
  const { deployments: words } = useEndpointWords();
  const found = useInfiniteQuery(deploymentsQuery(project, endpoint));
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel
      title={words.title}
      note={words.note}
      actions={
        <Button variant="default" onClick={onDeploy}>
          {words.deploy}
        </Button>
      }
    >
      <ScrollTable label={words.title}>
        <thead>
          <tr>
            <th scope="col">{words.number}</th>
            <th scope="col">{words.what}</th>
            <th scope="col">{words.asked}</th>
            <th scope="col">{words.by}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {items.map((deployment) => (
            <DeploymentRow key={deployment.id} deployment={deployment} onRollBack={onRollBack} />
          ))}
        </tbody>
      </ScrollTable>
      {found.hasNextPage && (
        <Button variant="default" mt={12} loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {words.earlier}
        </Button>
      )}
    </Panel>
  );
};

const DeploymentRow = ({ deployment, onRollBack }: { deployment: Deployment; onRollBack: (to: Deployment) => void }) => {
  const { f } = useI18n();
  const words = useEndpointWords();
  const { project, number, variants, reference, status, message, rolloutId, createdAt, createdBy } = deployment;
  return (
    <tr>
      <th scope="row">
        <span className="log-answer">
          <StatusMark mark={marks[status]} size={13} />
          <span>
            {number} <span className="quiet">{words.deployments.status[status]}</span>
          </span>
        </span>
      </th>
      <td className="cell-name">
        {variants.map(({ name, model, version, share, mode }) => (
          <span key={name} className="block">
            <Link
              to="/p/$project/models/$model/$number"
              params={{ project, model, number: String(version) }}
              className="text-link"
              dir="auto"
            >
              {words.version(model, version)}
            </Link>{' '}
            {variants.length > 1 && (
              <span className="quiet">
                {name} {f.percent(share)} {mode === 'shadow' && words.log.shadow}
              </span>
            )}
          </span>
        ))}
        {message !== null && (
          <span className={status === 'failed' ? 'block small deployment-failed' : 'block small quiet'}>
            <ServerText text={message} />
          </span>
        )}
      </td>
      <td className="mono cell-name" dir="auto">
        {reference}
      </td>
      <td>
        <time dateTime={createdAt} title={f.moment(Date.parse(createdAt))} className="nowrap">
          {f.dayHour(Date.parse(createdAt))}
        </time>{' '}
        <span className="quiet">{createdBy}</span>
        {rolloutId !== null && (
          <>
            {' '}
            <Link to="/p/$project/rollouts/$id" params={{ project, id: rolloutId }} className="text-link">
              {words.deployments.rollout}
            </Link>
          </>
        )}
      </td>
      <td className="cell-number">
        {status === 'retired' && (
          <Button variant="subtle" aria-label={words.deployments.rollBackTo(number)} onClick={() => onRollBack(deployment)}>
            {words.deployments.rollBack}
          </Button>
        )}
      </td>
    </tr>
  );
};
