import type { Route } from '@boucle/contract';
import type { Subject } from '../governance/index.ts';
import type { GatedRoute } from './subject-gate.ts';

const experiments = '/api/v1/projects/:project/experiments';
const runs = '/api/v1/projects/:project/runs';
const models = '/api/v1/projects/:project/models';
const ofModel = (id: unknown): Subject => ({ type: 'model', id: String(id) });
const anExperiment = { items: 'items', subject: ({ id }: { id: string }): Subject => ({ type: 'experiment', id }) };
const aRun = {
  items: 'items',
  subject: ({ experimentId }: { experimentId: string }): Subject => ({ type: 'experiment', id: experimentId }),
};
const aModel = { items: 'items', subject: ({ name }: { name: string }): Subject => ofModel(name) };
const lists: Readonly<Record<string, GatedRoute['list']>> = {
  [`GET ${experiments}`]: anExperiment,
  [`POST ${experiments}/search`]: anExperiment,
  [`GET ${runs}`]: aRun,
  [`POST ${runs}/search`]: aRun,
  [`GET ${models}`]: aModel,
  [`POST ${models}/search`]: aModel,
  'POST /api/v1/projects/:project/model-versions/search': {
    items: 'items',
    subject: ({ model }: { model: string }): Subject => ofModel(model),
  },
};
const makers: Readonly<Record<string, GatedRoute['made']>> = {
  [`POST ${experiments}`]: (_, { id }) => ({ type: 'experiment', id: String(id) }),
  [`POST ${models}`]: (_, { name }) => ofModel(name),
};
/** A model is known by its name, which may change. */
const movers: Readonly<Record<string, GatedRoute['moved']>> = {
  [`PATCH ${models}/:model`]: ({ model, name }) => ({ from: ofModel(model), to: String(name ?? model) }),
  [`DELETE ${models}/:model`]: ({ model }) => ({ from: ofModel(model), to: null }),
};

/** What a route of our own does, told by its address. */
export const gatedRoute = ({ method, path, permission }: Route): GatedRoute => {
  const address = `${method} ${path}`;
  const [list, made, moved] = [lists[address], makers[address], movers[address]];
  const noun = permission.split(':')[0]!;
  return {
    permission,
    wants: made ? `${noun}:create` : isRemoved(method, path) ? `${noun}:remove` : permission,
    ...(list && { list }),
    ...(made && { made }),
    ...(moved && { moved }),
  };
};
const isRemoved = (method: Route['method'], path: string): boolean =>
  /\/(experiments\/:experimentId|runs\/:runId|models\/:model|versions\/:number)(\/(restore|purge))?$/.test(path) &&
  (method === 'DELETE' || /\/(restore|purge)$/.test(path));
