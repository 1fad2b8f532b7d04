import type { BoucleEvent, Endpoint, RegisteredModel } from '@boucle/contract';
import { ApiError } from '@boucle/sdk';
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { LivePage } from '../../live/live-page.tsx';
import { useLiveProject } from '../../live/use-live-project.ts';
import { CopyText } from '../../ui/copy-text.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Problem } from '../../ui/problem.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { endpointsKey, endpointsQuery } from '../endpoints/queries.ts';
import { FilterBox } from './filter-box.tsx';
import { placesOf } from './followers.ts';
import { modelsKey, modelsQuery } from './queries.ts';
import { useModelWords } from './use-model-words.ts';
import './models.css';

const news = /^(model|model_version|model_tag|alias|deployment|rollout)\./;
const concerns = ({ type }: BoucleEvent): boolean => news.test(type);

/** Which versions there are, and where they answer. */
export const ModelsPage = () => {
  const { t } = useI18n();
  const words = useModelWords();
  const { project } = useParams({ from: '/p/$project/models' });
  const endpoints = useQuery(endpointsQuery(project));
  const live = useLiveProject({ project, concerns, keys: [modelsKey(project), endpointsKey(project)] });
  return (
    <LivePage project={project} title={t.nav.models} lead={words.question} query={endpoints} live={live}>
      {({ items }) => <Found project={project} endpoints={items} />}
    </LivePage>
  );
};

const Found = ({ project, endpoints }: { project: string; endpoints: readonly Endpoint[] }) => {
  const { f } = useI18n();
  const words = useModelWords();
  const { filter = '' } = useSearch({ from: '/p/$project/models' });
  const navigate = useNavigate();
  const found = useInfiniteQuery(modelsQuery(project, filter));
  const models = found.data?.pages.flatMap(({ items }) => items) ?? [];
  const setFilter = (next: string) =>
    void navigate({ to: '/p/$project/models', params: { project }, search: next === '' ? {} : { filter: next }, replace: true });
  const isRefused = found.error instanceof ApiError && found.error.reason === 'bad_filter';
  if (found.isSuccess && models.length === 0 && filter === '')
    return (
      <Empty icon="registry" title={words.empty.title} body={words.empty.body}>
        {words.empty.next} <CopyText text="boucle pipelines run training" />
      </Empty>
    );
  return (
    <div className="models">
      <FilterBox filter={filter} error={found.error} onFilter={setFilter} />
      {found.error && !isRefused && <Problem error={found.error} onRetry={() => void found.refetch()} />}
      {found.isSuccess && models.length === 0 && (
        <div className="models-nothing" role="status">
          <strong>{words.filter.nothing}</strong> <span className="quiet">{words.filter.nothingBody}</span>
        </div>
      )}
      {models.length > 0 && (
        <div className="panel models-list" data-old={found.isPlaceholderData || isRefused}>
          <p className="models-count quiet num" role="status">
            {words.found(f.number(models.length), models.length, !found.hasNextPage)}
          </p>
          <ModelTable models={models} endpoints={endpoints} />
          {found.hasNextPage && (
            <Button variant="default" mt={12} loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              {words.more}
            </Button>
          )}
        </div>
      )}
    </div>
  );
};

const ModelTable = ({ models, endpoints }: { models: readonly RegisteredModel[]; endpoints: readonly Endpoint[] }) => {
  const words = useModelWords();
  return (
    <ScrollTable label={words.list}>
      <thead>
        <tr>
          <th scope="col" className="cell-name">
            {words.name}
          </th>
          <th scope="col">{words.latest}</th>
          <th scope="col">{words.aliases}</th>
          <th scope="col">{words.where}</th>
          <th scope="col">{words.changed}</th>
        </tr>
      </thead>
      <tbody>
        {models.map((model) => (
          <ModelRow key={model.id} model={model} endpoints={endpoints} />
        ))}
      </tbody>
    </ScrollTable>
  );
};

const ModelRow = ({ model, endpoints }: { model: RegisteredModel; endpoints: readonly Endpoint[] }) => {
  const { f } = useI18n();
  const words = useModelWords();
  const { project, name, latest, aliases, updatedAt } = model;
  const places = placesOf(endpoints, { model: name });
  return (
    <tr>
      <th scope="row" className="cell-name">
        <Link to="/p/$project/models/$model" params={{ project, model: name }} className="text-link" dir="auto">
          {name}
        </Link>
      </th>
      <td className="nowrap">
        {latest === null ? (
          <span className="quiet">{words.noVersion}</span>
        ) : (
          <Link to="/p/$project/models/$model/$number" params={{ project, model: name, number: String(latest) }} className="text-link">
            {words.version(latest)}
          </Link>
        )}
      </td>
      <td>
        <AliasList aliases={Object.entries(aliases)} />
      </td>
      <td>
        {places.length === 0 ? (
          <span className="quiet">{words.nowhere}</span>
        ) : (
          <ul className="plain-list">
            {places.map(({ endpoint, version, share, mode }) => (
              <li key={`${endpoint} ${version} ${mode}`}>
                <Link to="/p/$project/endpoints/$endpoint" params={{ project, endpoint }} className="text-link">
                  {words.place({ endpoint, version, share: share === 1 ? null : f.percent(share), isShadow: mode === 'shadow' })}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </td>
      <td className="nowrap">
        <time dateTime={updatedAt} title={f.moment(Date.parse(updatedAt))}>
          {f.dayHour(Date.parse(updatedAt))}
        </time>
      </td>
    </tr>
  );
};

const AliasList = ({ aliases }: { aliases: readonly (readonly [alias: string, number: number])[] }) => {
  const words = useModelWords();
  if (aliases.length === 0) return <span className="quiet">{words.none}</span>;
  return (
    <ul className="chips plain-list">
      {aliases.map(([alias, number]) => (
        <li key={alias} className="chip" dir="auto">
          {alias} <span className="quiet">{words.version(number)}</span>
        </li>
      ))}
    </ul>
  );
};
