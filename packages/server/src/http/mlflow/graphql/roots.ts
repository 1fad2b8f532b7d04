import type { MlflowRoute } from '../route.ts';

/** A field at the top of a query: the route that answers it. */
interface Root {
  readonly route: readonly [method: MlflowRoute['method'], path: string];
  /** Of its input's fields, those that are no text. */
  readonly types?: Readonly<Record<string, string>>;
  readonly of: readonly ('Query' | 'Mutation')[];
}

export const roots = {
  mlflowGetExperiment: { route: ['GET', 'experiments/get'], of: ['Query'] },
  mlflowGetRun: { route: ['GET', 'runs/get'], of: ['Query'] },
  mlflowGetMetricHistoryBulkInterval: {
    route: ['GET', 'metrics/get-history-bulk-interval'],
    types: { start_step: 'Int', end_step: 'Int', max_results: 'Int' },
    of: ['Query'],
  },
  mlflowListArtifacts: { route: ['GET', 'artifacts/list'], of: ['Query'] },
  mlflowSearchModelVersions: { route: ['GET', 'model-versions/search'], types: { max_results: 'LongString' }, of: ['Query'] },
  // MLflow's pages look for runs by a mutation, which changes nothing.
  mlflowSearchRuns: {
    route: ['POST', 'runs/search'],
    types: { max_results: 'Int', run_view_type: 'MlflowViewType' },
    of: ['Query', 'Mutation'],
  },
  mlflowSearchDatasets: { route: ['POST', 'experiments/search-datasets'], of: ['Mutation'] },
} as const satisfies Record<string, Root>;
export type RootName = keyof typeof roots;
/** The fields of a message, or of an answer. */
export type Fields = Readonly<Record<string, unknown>>;
/** Asks the route of a root. */
export type Ask = (name: RootName, input: Fields) => Promise<Fields>;

export const routeOf = (routes: readonly MlflowRoute[], name: RootName): MlflowRoute => {
  const [method, path] = roots[name].route;
  const found = routes.find((route) => route.method === method && route.path === path);
  if (!found) throw new Error(`${name} has no route ${method} ${path}`);
  return found;
};

/** The part of the schema that follows from the routes: each input has the fields of its route's message. */
export const rootTypes = (routes: readonly MlflowRoute[]): string => {
  const names = Object.keys(roots) as RootName[];
  const inputs = names.map((name) => `input ${typeName(name)}Input { ${inputFields(name, routeOf(routes, name)).join(' ')} }`);
  const operations = (['Query', 'Mutation'] as const).map((operation) => {
    const fields = names.filter((name) => (roots[name] as Root).of.includes(operation)).map(rootField);
    return `type ${operation} { ${fields.join(' ')} }`;
  });
  return [...inputs, ...operations].join('\n');
};
const rootField = (name: RootName): string => `${name}(input: ${typeName(name)}Input): ${typeName(name)}Response`;
const typeName = (name: RootName): string => `${name[0]!.toUpperCase()}${name.slice(1)}`;
const inputFields = (name: RootName, { request }: MlflowRoute): string[] => {
  const { types = {} }: Root = roots[name];
  return Object.entries(request).flatMap(([field, { isList, also }]) => {
    const type = types[field] ?? 'String';
    return [field, ...also].map((one) => `${camel(one)}: ${isList ? `[${type}]` : type}`);
  });
};
const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
