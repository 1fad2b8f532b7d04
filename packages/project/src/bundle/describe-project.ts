import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Code, DeclaredDataset, Manifest, PlannedStep } from '@boucle/contract';
import { columnsOf } from '../columns.ts';
import { libraryName } from '../library/address.ts';
import type { Dataset, Pipeline } from '../index.ts';
import { placeIn } from '../where.ts';

/** A plan whose modules are named as every machine can name them, still without digests. */
export type EvaluatedPlan = Omit<Manifest['pipelines'][number], 'format' | 'steps'> & {
  readonly steps: readonly Omit<PlannedStep, 'codeDigest'>[];
};
/** A project as plain data: what its definitions say, and nothing yet of its code. */
export type Evaluated = Omit<Manifest, 'format' | 'bundle' | 'source' | 'pipelines'> & { readonly pipelines: readonly EvaluatedPlan[] };

export const configName = 'boucle.config.ts';

/** Runs in the process that imported the configuration; what it throws is a mistake in that file. */
export const describeProject = (exported: unknown, folder: string): Evaluated => {
  if (!isProject(exported))
    throw new TypeError(`${configName} has no project as its default export: end it with "export default defineProject(…)"`);
  const { name, problem, owners, risk, kpis, datasets, pipelines, endpoints, monitors, channels } = exported;
  return toJson({
    project: name,
    problem,
    owners,
    risk,
    kpis,
    datasets: datasets.map(describeDataset),
    pipelines: pipelines.map((pipeline) => describePipeline(pipeline, folder)),
    endpoints,
    // Monitors hold what they speak of; in the manifest they name it.
    monitors: monitors.map((monitor) => toJson(monitor, named)),
    ...(channels !== undefined && { channels }),
  }) as Evaluated;
};

interface ProjectDefinition {
  readonly name: string;
  readonly datasets: readonly Dataset<unknown>[];
  readonly pipelines: readonly Pipeline[];
  readonly monitors: readonly unknown[];
  readonly [more: string]: unknown;
}
const lists = ['datasets', 'pipelines', 'endpoints', 'monitors'];
const isProject = (x: unknown): x is ProjectDefinition =>
  typeof x === 'object' && x !== null && 'name' in x && lists.every((list) => Array.isArray((x as Record<string, unknown>)[list]));

const toJson = (value: unknown, replacer?: (key: string, value: unknown) => unknown): unknown =>
  JSON.parse(JSON.stringify(value, replacer)) as unknown;
const named = (key: string, value: unknown): unknown =>
  ['endpoint', 'pipeline', 'newVersionOf', 'dataset'].includes(key) && typeof value === 'object' && value !== null && 'name' in value
    ? value.name
    : value;

const describeDataset = (dataset: Dataset<unknown>): DeclaredDataset => {
  const { name, source, schema, key, from, others, expect, personal } = dataset as Dataset<unknown> & {
    readonly source: string;
    readonly schema: unknown;
    readonly key?: string[];
    readonly from?: Record<string, string | undefined>;
    readonly others?: DeclaredDataset['others'];
    readonly expect?: DeclaredDataset['expect'];
    readonly personal?: string[];
  };
  const columns = columnsOf(schema).map(({ optional, values, ...column }) => ({
    ...column,
    ...(from?.[column.name] !== undefined && { from: from[column.name] }),
    ...(values && { values: [...values] }),
    ...(optional && { optional }),
  })) as DeclaredDataset['columns'];
  return { name, source, key: key ?? [], columns, others: others ?? 'keep', expect: expect ?? [], personal: personal ?? [] };
};

const describePipeline = ({ plan, on }: Pipeline, folder: string): unknown => ({
  ...plan,
  steps: plan.steps.map((step) => ({ ...step, code: withPlace(step.code, step.step, folder) })),
  on: on.map((trigger) => toJson(trigger, named)),
});

const withPlace = (code: Code, step: string, folder: string): Code => {
  if (!('module' in code)) return code;
  const library = libraryName(code.module);
  if (library) return { module: library };
  const path = realpathSync(fileURLToPath(code.module));
  const place = placeIn(folder, path);
  if (place === configName) {
    throw new TypeError(
      `The step "${step}" is defined in ${configName}, so every edit there would be another step: move it to a module of its own, such as steps/${step}.ts, and import it`,
    );
  }
  if (!place) throw new TypeError(`The step "${step}" is defined in ${basename(path)}, outside the project's folder: move it inside`);
  return { module: place };
};
