import { invalid, notFound, parseFilter } from '@boucle/contract';
import type { Actor, ProjectRef } from '../governance/index.ts';
import { type Clock, type Db, newId, readToken, tokenOf, type Tx } from '../platform/index.ts';
import type { OwnerRule } from './artifact-owners.ts';
import { type Experiments, requireActive } from './experiments.ts';
import { checkTags, refuseChanged, type Texts } from './logged.ts';
import type { LoggedModel, LoggedModelMetric } from './logged-model.ts';
import { loggedModelStore } from './logged-model-store.ts';
import { runName } from './run-name.ts';
import { loggedModelFields, orderKeyOf } from './search/logged-model-fields.ts';
import { loggedModelKeys, type LoggedModelOrder, loggedModelSearchStore, type MeasuredOn } from './search/logged-model-search-store.ts';

export interface NewLoggedModel {
  readonly experimentId: string;
  readonly name?: string | undefined;
  readonly modelType?: string | undefined;
  readonly sourceRunId?: string | undefined;
  readonly tags?: Texts;
  readonly params?: Texts;
}
export interface LoggedModelQuery {
  readonly experimentIds: readonly string[];
  readonly filter?: string | undefined;
  /** Only metrics on these count. */
  readonly datasets?: readonly MeasuredOn[];
  /** By `metrics.<name>` or an attribute; the newest first where nothing is said. */
  readonly order?: readonly { readonly by: string; readonly direction: 'asc' | 'desc'; readonly on?: MeasuredOn | undefined }[];
  readonly limit: number;
  readonly cursor?: string | undefined;
}
/** Versions that were registered from it, as MLflow's clients keep them: a JSON list of `{ name, version }`. */
export const versionsTag = 'mlflow.modelVersions';

export const createLoggedModels = ({ db, clock, experiments }: { db: Db; clock: Clock; experiments: Pick<Experiments, 'get'> }) => {
  const now = (): string => clock.now().toISOString();
  const find = async (tx: Tx, project: ProjectRef, id: string): Promise<LoggedModel> => {
    const model = await loggedModelStore(tx).find(project, id);
    if (!model) throw notFound('logged model', id);
    return model;
  };
  /** What a change of a model that is there needs. */
  const change = <T>(
    actor: Actor,
    id: string,
    make: (store: ReturnType<typeof loggedModelStore>, updatedAt: string) => Promise<T>,
  ): Promise<T> =>
    db.write(async (tx) => {
      await requireThere(tx, actor.project, id);
      return make(loggedModelStore(tx), now());
    });

  return {
    create: async ({ id: createdBy, project }: Actor, input: NewLoggedModel): Promise<LoggedModel> => {
      const { experimentId, name = '', modelType = null, sourceRunId = null, tags = {}, params = {} } = input;
      checkTags(tags);
      checkTags(params);
      checkName(name);
      const experiment = await experiments.get(project, experimentId);
      requireActive(experiment);
      const key = newId();
      const id = `m-${key}`;
      const at = now();
      const root = (experiment.artifactLocation ?? `mlflow-artifacts:/${experimentId}`).replace(/\/+$/, '');
      const model: LoggedModel = {
        id,
        project: project.name,
        experimentId,
        name: name === '' ? runName(key) : name,
        modelType,
        sourceRunId,
        status: 'pending',
        artifactUri: `${root}/models/${id}/artifacts`,
        tags,
        params,
        metrics: [],
        createdAt: at,
        updatedAt: at,
        createdBy,
      };
      await db.write((tx) => loggedModelStore(tx).insert(project.id, model));
      return model;
    },
    get: (project: ProjectRef, id: string): Promise<LoggedModel> => find(db.read, project, id),
    /** Of no experiments there are none. */
    search: async (project: ProjectRef, { filter = '', limit, cursor, ...asked }: LoggedModelQuery) => {
      const { experimentIds, datasets = [], order = [] } = asked;
      const orders = order.map(({ by, direction, on }): LoggedModelOrder => ({ ...orderKeyOf(by), direction, on }));
      const query = ['logged-models', project.id, filter, experimentIds, datasets, order];
      const position = cursor === undefined ? undefined : readToken(cursor, query, loggedModelKeys(orders));
      const search = { experimentIds, datasets, order: orders, filter: parseFilter(filter, loggedModelFields), limit: limit + 1, position };
      const found = await loggedModelSearchStore(db.read).find(project, search);
      const page = found.slice(0, limit);
      const ids = page.map(({ id }) => id);
      return {
        items: await loggedModelStore(db.read).all(project, ids),
        nextCursor: found.length > limit ? tokenOf(query, page.at(-1)!.position) : null,
      };
    },
    /** The newest that a run logged by this name; undefined where it logged none. */
    ofRun: (project: ProjectRef, runId: string, name: string): Promise<LoggedModel | undefined> =>
      loggedModelStore(db.read).ofRun(project, { runId, name }),
    finish: (actor: Actor, id: string, status: LoggedModel['status']): Promise<LoggedModel> =>
      db.write(async (tx) => {
        const model = await find(tx, actor.project, id);
        const updatedAt = now();
        await loggedModelStore(tx).update(id, { status, updatedAt });
        return { ...model, status, updatedAt };
      }),
    /** Nobody finds it any more; versions that were registered from it keep their files. */
    remove: (actor: Actor, id: string): Promise<void> =>
      change(actor, id, (store, at) => store.update(id, { updatedAt: at, deletedAt: at })),
    setTags: async (actor: Actor, id: string, tags: Texts): Promise<void> => {
      checkTags(tags);
      await change(actor, id, async (store, updatedAt) => {
        await store.setTags(id, tags);
        await store.update(id, { updatedAt });
      });
    },
    removeTag: (actor: Actor, id: string, key: string): Promise<void> =>
      change(actor, id, async (store, updatedAt) => {
        if (!(await store.removeTag(id, key))) throw notFound(`tag of logged model ${id}`, key);
        await store.update(id, { updatedAt });
      }),
    /** One that is there keeps its value: it may be said again, and not otherwise. */
    addParams: async (actor: Actor, id: string, params: Texts): Promise<void> => {
      checkTags(params);
      await change(actor, id, async (store) => refuseChanged(params, await store.addParams(id, params), 'log another model'));
    },
    /** In the write that registers a version from it. */
    addVersion: (actor: Actor, id: string, version: { name: string; version: string }): Promise<void> =>
      change(actor, id, async (store) => {
        const known = versionsIn(await store.tag(id, versionsTag));
        if (known.some((one) => one.name === version.name && one.version === version.version)) return;
        await store.setTags(id, { [versionsTag]: versionsText([...known, version]) });
      }),
    /** In the write that logs these to runs. Of models that are not there nothing is kept. */
    measure: async (tx: Tx, project: ProjectRef, metrics: readonly (LoggedModelMetric & { readonly modelId: string })[]): Promise<void> => {
      const store = loggedModelStore(tx);
      for (const [modelId, measured] of Map.groupBy(metrics, (metric) => metric.modelId))
        if (await store.has(project, modelId)) await store.measure(modelId, latestOf(measured));
    },
  };
};
export type LoggedModels = ReturnType<typeof createLoggedModels>;

/** The tag is a client's to write: what is no list of versions counts as none. */
export const versionsIn = (text: string | undefined): { name: string; version: string }[] => {
  try {
    const list = JSON.parse(text ?? '[]') as unknown;
    if (!Array.isArray(list)) return [];
    // Python's client adds what the server has added already.
    const versions = list.filter(isVersion).map(({ name, version }) => ({ name, version: String(version) }));
    return versions.filter((one, i) => versions.findIndex(({ name, version }) => name === one.name && version === one.version) === i);
  } catch {
    return [];
  }
};
/** As MLflow's server writes it: numbers, and Python's spaces. Some clients compare the text. */
const versionsText = (versions: readonly { name: string; version: string }[]): string =>
  `[${versions.map(({ name, version }) => `{"name": ${JSON.stringify(name)}, "version": ${version}}`).join(', ')}]`;
const isVersion = (item: unknown): item is { name: string; version: string | number } =>
  typeof item === 'object' &&
  item !== null &&
  typeof (item as { name?: unknown }).name === 'string' &&
  ['string', 'number'].includes(typeof (item as { version?: unknown }).version);

/** One statement may write a row once. */
const latestOf = (metrics: readonly LoggedModelMetric[]): LoggedModelMetric[] => {
  const latest = new Map<string, LoggedModelMetric>();
  for (const metric of metrics) {
    const series = JSON.stringify([metric.key, metric.runId, metric.dataset]);
    const known = latest.get(series);
    if (!known || isLater(metric, known)) latest.set(series, metric);
  }
  return [...latest.values()];
};
const isLater = (a: LoggedModelMetric, b: LoggedModelMetric): boolean =>
  a.step !== b.step ? a.step > b.step : a.time !== b.time ? a.time > b.time : Number.isNaN(a.value) || a.value > b.value;

const requireThere = async (tx: Tx, project: ProjectRef, id: string): Promise<void> => {
  if (!(await loggedModelStore(tx).has(project, id))) throw notFound('logged model', id);
};
/** Its files come before it is ready, and after. */
export const loggedModelOwner: OwnerRule = { mayRead: requireThere, mayWrite: (tx, project, { id }) => requireThere(tx, project, id) };

const checkName = (name: string): void => {
  if (name.length <= 500 && !/[/:.%"'\u0000]/.test(name)) return;
  throw invalid(
    `A logged model cannot be called "${name.slice(0, 100)}": leave out / : . % " and ', and take 500 characters at most`,
    'bad_name',
    { name: name.slice(0, 500) },
  );
};
