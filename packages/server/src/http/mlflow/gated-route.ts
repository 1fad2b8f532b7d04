import type { Permission } from '@boucle/contract';
import type { Actor, Subject } from '../../governance/index.ts';
import type { Fields, GatedRoute } from '../subject-gate.ts';
import type { MlflowRoute } from './route.ts';
import { placeOf, wirePath } from './wire-path.ts';

const model = (id: unknown): Subject => ({ type: 'model', id: String(id) });
const experiment = (id: unknown): Subject => ({ type: 'experiment', id: String(id) });
const named = ({ name }: { name: unknown }): Subject => model(name);

const lists: Readonly<Record<string, GatedRoute['list']>> = {
  'experiments/search': { items: 'experiments', subject: ({ experiment_id }: { experiment_id: string }) => experiment(experiment_id) },
  'registered-models/search': { items: 'registered_models', subject: named },
  'issues/search': { items: 'issues', subject: ({ experiment_id }: { experiment_id: string }) => experiment(experiment_id) },
  'datasets/search': { items: 'datasets', subject: ({ experiment_ids }: { experiment_ids: string[] }) => experiment_ids.map(experiment) },
  'scorers/list': { items: 'scorers', subject: ({ experiment_id }: { experiment_id: number }) => experiment(experiment_id) },
  'model-versions/search': { items: 'model_versions', subject: named },
};
const searches = [
  'runs/search',
  'experiments/search-datasets',
  'logged-models/search',
  'traces/calculate-filter-correlation',
  'traces/metrics',
];

/** What a route of MLflow's does, told by its address. */
export const gatedRoute = ({ path, permission }: MlflowRoute): GatedRoute => {
  const list = lists[path];
  const noun = permission.split(':')[0]!;
  return {
    permission,
    wants: wantedBy(path, noun, permission),
    ...(list && { list }),
    ...(searches.includes(path) && { narrows: 'experiment_ids' }),
    ...(path === 'traces/search' && { narrows: 'locations' }),
    ...(path === 'experiments/create' && { made: (_, { experiment_id }) => experiment(experiment_id) }),
    ...(path === 'registered-models/create' && { made: ({ name }) => model(name) }),
    ...(path === 'registered-models/rename' && { moved: ({ name, new_name }) => ({ from: model(name), to: String(new_name) }) }),
    ...(path === 'registered-models/delete' && { moved: ({ name }) => ({ from: model(name), to: null }) }),
  };
};
const wantedBy = (path: string, noun: string, permission: Permission): Permission => {
  if (/^(experiments|registered-models)\/create$/.test(path)) return `${noun}:create`;
  // A dataset is removed where it is read.
  const removes =
    /^((experiments|runs|registered-models|model-versions)\/(delete|restore)|traces\/delete-traces|scorers\/delete|datasets\/:dataset_id)$/;
  return permission.endsWith(':write') && removes.test(path) ? `${noun}:remove` : permission;
};

/** What names the experiment: of the proxy's addresses that is a path, of a trace its place. */
export const namingFields = ({ family, version, path: at }: MlflowRoute, input: Fields, { project }: Actor): Fields => {
  if (at === 'traces' && version === '3.0')
    return { experiment_id: (input as { trace: { trace_info: { trace_location: string } } }).trace.trace_info.trace_location };
  if (family !== 'mlflow-artifacts') return input;
  // Of an upload in parts, the path is that of a file on the client's disk.
  const path = input['*'] ?? (at.startsWith('mpu/') ? undefined : input['path']);
  return { owner: placeOf(wirePath(typeof path === 'string' ? path : ''), project.id).owner };
};
