import { Readable } from 'node:stream';
import type { Run } from '@boucle/contract';
import type { Actor } from '../../../governance/index.ts';
import type { Tracking } from '../../../tracking/index.ts';
import { type Field, list, message, optional, type Reader, required, text, wrong } from '../fields.ts';
import { MlflowError } from '../mlflow-error.ts';
import { mlflowRoute, type MlflowRoute } from '../route.ts';
import { epochMs, experimentId, isoTime, paramValue, runShape, runTag, tagValue, textsOf } from '../shapes.ts';

const tablePath = 'eval_results_table.json';
/** Programs look for these very texts. */
const itsTags = {
  'mlflow.loggedArtifacts': `[{"path": "${tablePath}", "type": "table"}]`,
  'mlflow.runSourceType': 'PROMPT_ENGINEERING',
};

/** Pages send a temperature as a number. */
const textOrNumber: Reader<string> = (given, at) =>
  text(typeof given === 'number' || typeof given === 'boolean' ? String(given) : given, at);
const pair = message({ key: required(text), value: optional(textOrNumber) });
type Pair = ReturnType<typeof pair>;
/** What is missing is said in this route's own words. */
const asked = <T>(name: string, read: Reader<T>): Field<T> => ({
  isList: false,
  also: [],
  take: (given, at) => {
    if (!given || (Array.isArray(given) && given.length === 0))
      throw new MlflowError('INVALID_PARAMETER_VALUE', `CreatePromptlabRun request must specify ${name}.`);
    return read(given, at);
  },
});
const pairs: Reader<Pair[]> = (given, at) => {
  if (!Array.isArray(given)) throw wrong(at, given, 'it must be a list');
  return given.map((one, i) => pair(one, `${at}[${i}]`));
};

/** A prompt that somebody tried out, kept as a run: its settings are params, what came of it is a table. */
export const promptLabRoutes = ({ runs, artifacts }: Tracking): MlflowRoute[] => {
  /** A run without its table says that it failed. */
  const withTable = async (actor: Actor, { id }: Run, table: Table): Promise<void> => {
    try {
      await artifacts.put(actor, `run:${id}`, { path: tablePath, data: Readable.from([JSON.stringify(table)]) });
    } catch (error) {
      await runs.end(actor, id, { status: 'failed' });
      throw error;
    }
    await runs.end(actor, id, { status: 'finished' });
  };

  return [
    mlflowRoute({
      method: 'POST',
      path: 'runs/create-promptlab-run',
      permission: 'runs:write',
      request: {
        experiment_id: asked('experiment_id', experimentId),
        prompt_template: asked('prompt_template', text),
        prompt_parameters: asked('prompt_parameters', pairs),
        model_route: asked('model_route', text),
        model_input: asked('model_input', text),
        mlflow_version: asked('mlflow_version', text),
        run_name: optional(tagValue),
        tags: list(runTag),
        model_parameters: list(pair),
        model_output: optional(text),
        model_output_parameters: list(pair),
        user_id: optional(text),
        start_time: optional(epochMs),
      },
      handle: async (input, { actor }) => {
        const { experiment_id, model_route, prompt_template, model_parameters, run_name, user_id = 'unknown', start_time } = input;
        const run = await runs.start(actor, {
          experimentId: experiment_id,
          userId: user_id,
          ...(run_name && { name: run_name }),
          ...(start_time !== undefined && { startedAt: isoTime(start_time) }),
          params: cut({ ...textsOf(model_parameters), model_route, prompt_template }),
          tags: { ...textsOf(input.tags), ...itsTags },
        });
        await withTable(actor, run, tableOf(input));
        return { run: runShape(await runs.record(actor.project, run.id)) };
      },
    }),
  ];
};

const cut = (params: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([key, value]) => [key, paramValue(value, key)]));

interface Tried {
  readonly prompt_parameters: readonly Pair[];
  readonly model_input: string;
  readonly model_output: string | undefined;
  readonly model_output_parameters: readonly Pair[];
}
type Table = ReturnType<typeof tableOf>;
/** One row: what went into the prompt, the prompt, and what came out. */
const tableOf = ({ prompt_parameters, model_input, model_output, model_output_parameters }: Tried) => {
  const cells = [
    ...prompt_parameters.map(({ key, value = '' }) => [key, value] as const),
    ['prompt', model_input] as const,
    ['output', model_output ?? null] as const,
    ...model_output_parameters.map(({ key, value = '' }) => [key, value] as const),
  ];
  return { columns: cells.map(([column]) => column), data: [cells.map(([, value]) => value)] };
};
