import { type Call, get, post } from '../call.ts';
import { filterOf } from '../filters.ts';
import type { Drawn } from './drawn.ts';

/** Experiments and their tags. */
export const experimentCalls = ({ random, made, experiment, key, pair, pairs, sometimes, search, drawn }: Drawn) => ({
  createExperiment: (): Call => {
    const again = made.experiment > 0 && random.chance(0.1);
    const number = again ? 0 : made.experiment++;
    return {
      ...post('experiments/create', {
        name: `«p»e${number}`,
        ...sometimes(0.3, () => ({ tags: pairs() })),
        ...sometimes(0.1, () => ({ artifact_location: 's3://bucket/some where' })),
      }),
      ...(!again && { names: { [`experiment ${number}`]: 'experiment_id' } }),
    };
  },
  getExperiment: () => get('experiments/get', { experiment_id: experiment() }),
  experimentByName: () => get('experiments/get-by-name', { experiment_name: random.pick(['«p»e0', '«p»e1', '«p»renamed', 'nobody']) }),
  searchExperiments: () => {
    const filter = sometimes(0.5, () => ({ filter: `${filterOf(random, 'experiments')} AND name LIKE '«p»%'` }));
    const whole = {
      max_results: 100,
      filter: "name LIKE '«p»%'",
      ...filter,
      ...sometimes(0.5, () => ({ view_type: drawn('ALL', 'DELETED_ONLY', 'ACTIVE_ONLY') })),
    };
    return { ...post('experiments/search', search('experiments', whole)), pages: 'experiments' };
  },
  changeExperiment: () => post(drawn('experiments/delete', 'experiments/restore'), { experiment_id: experiment() }),
  renameExperiment: () => post('experiments/update', { experiment_id: experiment(), new_name: drawn('«p»renamed', '«p»e1') }),
  setExperimentTag: () => post('experiments/set-experiment-tag', { experiment_id: experiment(), ...pair() }),
  deleteExperimentTag: () => post('experiments/delete-experiment-tag', { experiment_id: experiment(), key: key() }),
});
