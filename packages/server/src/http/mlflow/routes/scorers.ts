import type { ScorerVersion, Tracking } from '../../../tracking/index.ts';
import { integerIn, list, optional, type Reader, required, requiredList, text, textWithin, wrong } from '../fields.ts';
import { MlflowError } from '../mlflow-error.ts';
import { mlflowRoute, type MlflowRoute } from '../route.ts';
import { experimentId } from '../shapes.ts';
import { parseWire, Verbatim } from '../wire-json.ts';

const name: Reader<string> = (given, at) => {
  const said = textWithin(256)(given, at);
  if (said.trim() === '') throw wrong(at, given, 'it must have more in it than blanks');
  return said;
};
/** Whoever loads a scorer runs the code in it, so what has code in it is not handed on, as on MLflow's server. */
const serialized: Reader<string> = (given, at) => {
  const said = text(given, at);
  if (hasCode(jsonOf(said, at)))
    throw new MlflowError(
      'INVALID_PARAMETER_VALUE',
      'Custom scorer registration (using @scorer decorator) is not offered: a scorer with source code in it would run wherever it is loaded. Keep its code in a repository and import it.',
    );
  return said;
};
const jsonOf = (said: string, at: string): unknown => {
  try {
    return parseWire(said);
  } catch {
    throw wrong(at, said, 'it must be valid JSON, nested no more than 100 levels deep');
  }
};
const hasCode = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const source = (value as { call_source?: unknown }).call_source;
  return (source !== undefined && source !== null) || Object.values(value).some(hasCode);
};

const scorer = { experiment_id: required(experimentId), name: required(name) };
const versioned = { ...scorer, version: optional(integerIn(0, 2 ** 31 - 1)) };

export const scorerRoutes = ({ scorers }: Tracking): MlflowRoute[] => [
  mlflowRoute({
    method: 'POST',
    path: 'scorers/register',
    version: '3.0',
    permission: 'runs:write',
    request: { ...scorer, serialized_scorer: required(serialized) },
    handle: async ({ experiment_id: of, name, serialized_scorer: body }, { actor }) => {
      const made = await scorers.register(actor, { experimentId: of, name, body });
      return {
        version: made.version,
        scorer_id: made.scorerId,
        experiment_id: made.experimentId,
        name: made.name,
        serialized_scorer: made.body,
        creation_time: made.createdAt,
      };
    },
  }),
  mlflowRoute({
    method: 'GET',
    path: 'scorers/list',
    version: '3.0',
    permission: 'runs:read',
    request: { experiment_id: optional(experimentId), experiment_ids: list(experimentId) },
    handle: async ({ experiment_id: of, experiment_ids: several }, { actor: { project } }) => {
      if (of !== undefined && several.length > 0)
        throw new MlflowError('INVALID_PARAMETER_VALUE', "Cannot specify both 'experiment_id' and 'experiment_ids': say one of them.");
      const found =
        of === undefined ? await scorers.list(project, several.length > 0 ? several : undefined) : await scorers.listOf(project, of);
      return { scorers: found.map(scorerShape) };
    },
  }),
  mlflowRoute({
    method: 'GET',
    path: 'scorers/versions',
    version: '3.0',
    permission: 'runs:read',
    request: scorer,
    handle: async ({ experiment_id: of, name }, { actor }) => ({
      scorers: (await scorers.versions(actor.project, { experimentId: of, name })).map(scorerShape),
    }),
  }),
  mlflowRoute({
    method: 'GET',
    path: 'scorers/get',
    version: '3.0',
    permission: 'runs:read',
    request: versioned,
    handle: async ({ experiment_id: of, name, version }, { actor }) => ({
      scorer: scorerShape(await scorers.get(actor.project, { experimentId: of, name }, version)),
    }),
  }),
  mlflowRoute({
    method: 'DELETE',
    path: 'scorers/delete',
    version: '3.0',
    permission: 'runs:write',
    request: versioned,
    handle: ({ experiment_id: of, name, version }, { actor }) => scorers.remove(actor, { experimentId: of, name }, version),
  }),
  mlflowRoute({
    method: 'GET',
    path: 'scorers/online-configs',
    version: '3.0',
    permission: 'runs:read',
    request: { scorer_ids: requiredList(text) },
    // Clients ask with each list: which scorers judge traces as they come. Here none does, for nothing of them is run.
    handle: async () => ({ configs: new Verbatim([]) }),
  }),
];

/** Here alone an experiment's id is a number. */
const scorerShape = (scorer: ScorerVersion) => ({
  experiment_id: Number(scorer.experimentId),
  scorer_name: scorer.name,
  scorer_version: scorer.version,
  serialized_scorer: scorer.body,
  creation_time: scorer.createdAt,
  scorer_id: scorer.scorerId,
});
