import { AppError, type Permission } from '@boucle/contract';
import { type Actor, isAllowed, knowsSubjects, requirePermission, requireWithin, type Subject, type Users } from '../governance/index.ts';
import { parseSource } from '../registry/index.ts';
import type { Tracking } from '../tracking/index.ts';

/** What a route does, as far as it matters who may. */
export interface GatedRoute {
  readonly permission: Permission;
  /** What it wants of a user, where that differs: to begin something takes less than to change it, to remove it more. */
  readonly wants: Permission;
  /** A list that leaves out what the user may not read: where its items are, and what each is, or is part of. */
  readonly list?: { readonly items: string; readonly subject: (item: never) => Subject | readonly Subject[] };
  /** A search in experiments that the request names. */
  readonly narrows?: string;
  /** The experiment or model that was made, by request and answer. */
  readonly made?: (input: Fields, answer: Fields) => Subject;
  /** The model that has another name now, or (null) is gone. */
  readonly moved?: (input: Fields) => { readonly from: Subject; readonly to: string | null };
}
export type Fields = Readonly<Record<string, unknown>>;

/**
 * The one place where what was given over single experiments and models counts: runs are their experiment's, versions their
 * model's. Whoever has only a role, or is no user, passes by it.
 */
export const createGate = ({
  tracking: { experiments, runs, loggedModels, traces, issues, evaluationDatasets, scorers },
  users,
}: {
  tracking: Tracking;
  users: Users;
}) => {
  const orNothing = async (find: Promise<string>): Promise<string[]> => {
    try {
      return [await find];
    } catch (error) {
      // The handler says so, to those who may look.
      if (error instanceof AppError && error.code === 'not_found') return [];
      throw error;
    }
  };
  const ofRun = ({ project }: Actor, id: string) => orNothing(runs.get(project, id).then(({ experimentId }) => experimentId));
  const ofModel = ({ project }: Actor, id: string) => orNothing(loggedModels.get(project, id).then(({ experimentId }) => experimentId));
  const ofTrace = ({ project }: Actor, id: string) => orNothing(traces.get(project, id).then(({ experimentId }) => experimentId));
  const ofIssue = ({ project }: Actor, id: string) => orNothing(issues.get(project, id).then(({ experimentId }) => experimentId));
  /** All that it serves: whoever changes it for one changes it for the others. */
  const ofDataset = async ({ project }: Actor, id: string): Promise<string[]> => [...(await evaluationDatasets.experimentsOf(project, id))];
  /** How the fields of a request name experiments. */
  const finders: Readonly<Record<string, (actor: Actor, value: string) => Promise<string[]>>> = {
    experiment_id: async (_, id) => [id],
    experimentId: async (_, id) => [id],
    experiment_ids: async (_, id) => [id],
    experiment_name: ({ project }, name) => orNothing(experiments.byName(project, name).then(({ id }) => id)),
    experiment: ({ project }, name) => orNothing(experiments.byName(project, name).then(({ id }) => id)),
    run_id: ofRun,
    run_uuid: ofRun,
    run_ids: ofRun,
    runId: ofRun,
    runs: ofRun,
    model_id: ofModel,
    modelId: ofModel,
    trace_id: ofTrace,
    trace_ids: ofTrace,
    request_id: ofTrace,
    issue_id: ofIssue,
    dataset_id: ofDataset,
    scorer_ids: ({ project }, id) => scorers.experimentsOf(project, id),
    /** Whose files are meant: `run:<id>`, `model:<id>`, `trace:<id>`. */
    owner: async (actor, owner) => {
      const [, type = '', id = ''] = /^(\w+):(.*)$/.exec(owner) ?? [];
      const finder = { run: finders['run_id'], model: finders['model_id'], trace: finders['trace_id'] }[type as 'run'];
      return finder?.(actor, id) ?? [];
    },
  };
  const subjectsOf = async (actor: Actor, permission: Permission, input: Fields): Promise<Subject[]> => {
    if (permission.startsWith('models:')) {
      const name = input['model'] ?? input['name'];
      return typeof name === 'string' ? [{ type: 'model', id: name }] : [];
    }
    const found = new Set<string>();
    for (const [field, find] of Object.entries(finders))
      for (const value of textsOf(input[field]).flatMap((texts) => (field === 'runs' ? texts.split(',') : [texts])))
        for (const id of await find(actor, value)) found.add(id);
    return [...found].map((id) => ({ type: 'experiment', id }));
  };

  /** What a version is made of can be read with it, so whoever makes it may read that. */
  const sourcesOf = async (actor: Actor, { source }: Fields): Promise<{ permission: Permission; subject: Subject }[]> => {
    if (typeof source !== 'string') return [];
    const place = parseSource(source);
    if (place.kind === 'version' || place.kind === 'alias')
      return [{ permission: 'models:read', subject: { type: 'model', id: place.model } }];
    if (place.kind !== 'files') return [];
    const experiments = await finders['owner']!(actor, place.owner);
    return experiments.map((id) => ({ permission: 'runs:read', subject: { type: 'experiment', id } }));
  };

  return {
    /** Refuses what may not be done with what the request names, and answers with the request as far as it may be carried out. */
    enter: async <I extends Fields>(actor: Actor, route: GatedRoute, input: I): Promise<I> => {
      const { wants, permission, list, narrows } = route;
      if (!actor.access || actor.access.isAdmin) return input;
      if (!knowsSubjects(actor.access, actor.project.id)) {
        requireLevel(actor, wants);
        return input;
      }
      if (narrows !== undefined) {
        const kept = textsOf(input[narrows]).filter((id) => isAllowed(actor, permission, { type: 'experiment', id }));
        return { ...input, [narrows]: kept };
      }
      if (list) return input;
      const subjects = route.made ? [] : await subjectsOf(actor, permission, input);
      if (subjects.length === 0) requireLevel(actor, wants);
      for (const subject of subjects) requireLevel(actor, wants, subject);
      if (permission === 'models:write')
        for (const { permission: reads, subject } of await sourcesOf(actor, input)) requireLevel(actor, reads, subject);
      return input;
    },
    /** Whether an item of a list may be shown. */
    isShown: (actor: Actor, { permission, list }: GatedRoute, item: unknown): boolean => {
      if (!list) return true;
      const subjects = [list.subject(item as never)].flat();
      return subjects.length === 0 ? isAllowed(actor, permission) : subjects.every((subject) => isAllowed(actor, permission, subject));
    },
    /** Who made something manages it, and what was given over a model goes with it. */
    leave: async (actor: Actor, { made, moved }: GatedRoute, input: Fields, answer: Fields): Promise<void> => {
      if (made) await users.made(actor, made(input, answer));
      if (moved) {
        const { from, to } = moved(input);
        await users.moved(actor, from, to);
      }
    },
  };
};
export type Gate = ReturnType<typeof createGate>;

/** At the door, before anything is read. */
export const requireAtDoor = (actor: Actor, { permission, wants }: Pick<GatedRoute, 'permission' | 'wants'>): void => {
  const { access: _, ...bounds } = actor;
  requirePermission(bounds, permission);
  if (actor.access) requireWithin({ ...actor, permissions: 'all' }, wants);
};
/** What a token leaves was asked at the door. */
const requireLevel = (actor: Actor, wants: Permission, subject?: Subject): void =>
  requirePermission({ ...actor, permissions: 'all' }, wants, subject);

const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string' && one !== '');
