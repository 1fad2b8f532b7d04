import { type Call, get, patch, post, remove } from '../call.ts';
import { filterOf } from '../filters.ts';
import type { Drawn } from './drawn.ts';

/** Logged models. */
export const loggedModelCalls = ({
  random,
  made,
  experiment,
  run,
  logged,
  value,
  pairs,
  sometimes,
  inExperiment,
  search,
  drawn,
}: Drawn) => ({
  createLogged: (): Call => {
    const number = made.logged++;
    return {
      ...post('logged-models', {
        ...inExperiment(`«logged ${number}»`),
        name: drawn('alpha', 'beta', 'net'),
        ...sometimes(0.5, () => ({ source_run_id: run() })),
        ...sometimes(0.3, () => ({ model_type: value() })),
        ...sometimes(0.3, () => ({ params: pairs() })),
        ...sometimes(0.3, () => ({ tags: pairs() })),
      }),
      names: { [`logged ${number}`]: 'model.info.model_id' },
    };
  },
  getLogged: () => get(`logged-models/${logged()}`, {}),
  finishLogged: () => {
    const id = logged();
    return patch(`logged-models/${id}`, { model_id: id, status: drawn('LOGGED_MODEL_READY', 'LOGGED_MODEL_UPLOAD_FAILED') });
  },
  deleteLogged: () => remove(`logged-models/${logged()}`),
  searchLogged: () => {
    const { order_by: _, ...whole } = search('logged-models', {
      experiment_ids: [experiment()],
      ...sometimes(0.6, () => ({ filter: filterOf(random, 'logged-models') })),
    });
    const order = sometimes(0.5, () => ({
      order_by: [
        { field_name: drawn('name', 'metrics.a', 'metrics.a', 'creation_timestamp', 'model_type'), ascending: random.chance(0.5) },
      ],
    }));
    return { ...post('logged-models/search', { ...whole, ...order }), pages: 'models' };
  },
  tagLogged: () => patch(`logged-models/${logged()}/tags`, { tags: pairs() }),
  untagLogged: () => remove(`logged-models/${logged()}/tags/${drawn('a', 'c')}`),
  paramLogged: () => {
    const id = logged();
    return post(`logged-models/${id}/params`, { model_id: id, params: pairs() });
  },
});
