import { get, patch, post, remove } from '../call.ts';
import { filterOf } from '../filters.ts';
import type { Drawn } from './drawn.ts';

/** Registered models and their aliases. */
export const registeredModelCalls = ({
  random,
  made,
  model,
  version,
  key,
  value,
  pair,
  pairs,
  sometimes,
  search,
  drawn,
  stage,
}: Drawn) => ({
  createModel: () => {
    const again = made.model > 0 && random.chance(0.1);
    const number = again ? 0 : made.model++;
    return post('registered-models/create', {
      name: `«p»m${number}`,
      ...sometimes(0.3, () => ({ tags: pairs() })),
      ...sometimes(0.3, () => ({ description: value() })),
    });
  },
  getModel: () => get('registered-models/get', { name: model() }),
  searchModels: () => {
    const filter = sometimes(0.6, () => ({ filter: `${filterOf(random, 'registered-models')} AND name LIKE '«p»%'` }));
    return {
      ...get('registered-models/search', search('registered-models', { filter: "name LIKE '«p»%'", ...filter })),
      pages: 'registered_models',
    };
  },
  updateModel: () => patch('registered-models/update', { name: model(), ...sometimes(0.8, () => ({ description: value() })) }),
  renameModel: () => post('registered-models/rename', { name: model(), new_name: drawn('«p»renamed', '«p»m1', '«p»m0') }),
  deleteModel: () => remove('registered-models/delete', { name: model() }),
  latestVersions: () =>
    post('registered-models/get-latest-versions', {
      name: model(),
      ...sometimes(0.5, () => ({ stages: random.some(stage, 1, 2) })),
    }),
  tagModel: () => post('registered-models/set-tag', { name: model(), ...pair() }),
  untagModel: () => remove('registered-models/delete-tag', { name: model(), key: key() }),
  setAlias: () => post('registered-models/alias', { name: model(), alias: drawn('best', 'next', 'latest', 'v1'), version: version() }),
  getAlias: () => get('registered-models/alias', { name: model(), alias: drawn('best', 'next', 'latest') }),
  deleteAlias: () => remove('registered-models/alias', { name: model(), alias: drawn('best', 'next') }),
});
