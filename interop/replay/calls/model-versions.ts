import { get, patch, post, remove } from '../call.ts';
import { filterOf } from '../filters.ts';
import type { Drawn } from './drawn.ts';

/** Versions of registered models. */
export const modelVersionCalls = ({
  random,
  run,
  model,
  version,
  key,
  value,
  pair,
  pairs,
  sometimes,
  filesOf,
  search,
  drawn,
  stage,
}: Drawn) => ({
  createVersion: () =>
    post('model-versions/create', {
      name: model(),
      ...random.pick([
        {
          source: drawn('s3://bucket/a', 's3://bucket/b', 'models:/«p»m0/1', 'models:/«p»m0@best'),
          ...sometimes(0.4, () => ({ run_id: run() })),
        },
        { source: `mlflow-artifacts:/${filesOf('«run 0»')}/model`, run_id: '«run 0»' },
        { source: 'models:/«logged 0»', model_id: '«logged 0»' },
        { source: `mlflow-artifacts:/${filesOf('«logged 0»')}`, ...sometimes(0.9, () => ({ model_id: '«logged 0»' })) },
      ]),
      ...sometimes(0.3, () => ({ tags: pairs() })),
      ...sometimes(0.3, () => ({ description: value() })),
      ...sometimes(0.1, () => ({ run_link: 'https://example.org/r' })),
    }),
  getVersion: () => get('model-versions/get', { name: model(), version: version() }),
  searchVersions: () => {
    const filter = sometimes(0.6, () => ({ filter: `${filterOf(random, 'model-versions')} AND name LIKE '«p»%'` }));
    return {
      ...get(
        'model-versions/search',
        search('model-versions', { filter: "name LIKE '«p»%'", order_by: ['name', 'version_number'], ...filter }),
      ),
      pages: 'model_versions',
    };
  },
  downloadUri: () => get('model-versions/get-download-uri', { name: model(), version: version() }),
  updateVersion: () =>
    patch('model-versions/update', { name: model(), version: version(), ...sometimes(0.8, () => ({ description: value() })) }),
  stageVersion: () =>
    post('model-versions/transition-stage', {
      name: model(),
      version: version(),
      stage: stage(),
      ...sometimes(0.8, () => ({ archive_existing_versions: random.chance(0.3) })),
    }),
  deleteVersion: () => remove('model-versions/delete', { name: model(), version: version() }),
  tagVersion: () => post('model-versions/set-tag', { name: model(), version: version(), ...pair() }),
  untagVersion: () => remove('model-versions/delete-tag', { name: model(), version: version(), key: key() }),
});
