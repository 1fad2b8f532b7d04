import { type Static, Type } from 'typebox';
import type { StepOptions } from '../draft.ts';
import { withDefault } from '../param.ts';
import { type Handle, type Held, type Model, model, table, value } from '../port.ts';
import { defineStep, type StepContext } from '../step.ts';
import type { Same } from './rows.ts';

const rows = table({});
/** In the order of the columns; `gain` is how much each lowered the loss (trees), or the sizes of its weights (linear). */
const Importance = Type.Array(Type.Object({ feature: Type.String(), gain: Type.Number(), splits: Type.Optional(Type.Integer()) }));

const inputs = { train: rows, validation: rows };
const params = {
  target: Type.String(),
  /** Empty: all but the target. */
  columns: withDefault(Type.Array(Type.String()), []),
  approach: Type.Enum(['boosted-trees', 'linear']),
  seed: Type.Integer({ minimum: 0 }),
  /** Options of the approach, by name; what is left out has the approach's default. */
  options: withDefault(Type.Record(Type.String(), Type.Union([Type.Number(), Type.Record(Type.String(), Type.String())])), {}),
};
type Params = { readonly [K in keyof typeof params]: Static<(typeof params)[K]> };
type Given = Held<typeof inputs> & Params;
const outputsOf = <const Task extends string>(task: Task) => ({ model: model(task), importance: value(Importance) });

interface Args<Row> {
  readonly train: Same<Row>;
  /** Only looked at: by trees to stop early, where `options.patience` says so, and for the metrics. */
  readonly validation: Same<Row>;
  readonly target: Extract<keyof Row, string>;
  readonly columns?: readonly Extract<keyof Row, string>[];
  readonly approach: 'boosted-trees' | 'linear';
  readonly seed: number | Handle<number>;
  readonly options?: Params['options'];
}
type Train<Task extends string> = <Row>(
  args: Args<Row>,
  options?: StepOptions,
) => { model: Handle<Model<Task>>; importance: Handle<Static<typeof Importance>> };

/** Learns to tell labels of rows apart from their other columns: numbers, truths and categories, any of them missing. */
export const trainTabular = defineStep(import.meta, 'train-tabular', {
  inputs,
  params,
  outputs: outputsOf('tabular-classification'),
  run: async (given, context) => {
    const { trained, seen } = await train('tabular-classification', given, context);
    const { classificationMetrics } = await import('@boucle/statistics');
    const actual = seen.target.map(String);
    const predicted = (await trained.predict(seen.columns))['label'] as string[];
    const { accuracy, macro } = classificationMetrics({ actual, predicted, labels: [...new Set([...trained.labels, ...actual])] });
    if (accuracy.value !== null) context.metric('validation_accuracy', accuracy.value);
    if (macro.f1 !== null) context.metric('validation_f1_macro', macro.f1);
  },
}) as unknown as Train<'tabular-classification'>;

/** Learns to predict a number from the other columns. */
export const trainRegression = defineStep(import.meta, 'train-regression', {
  inputs,
  params,
  outputs: outputsOf('regression'),
  run: async (given, context) => {
    const { trained, seen } = await train('regression', given, context);
    if (seen.target.length === 0) return;
    const predicted = (await trained.predict(seen.columns))['value'] as number[];
    const squares = predicted.reduce((sum, value, row) => sum + (value - Number(seen.target[row])) ** 2, 0);
    context.metric('validation_rmse', Math.sqrt(squares / predicted.length));
  },
}) as unknown as Train<'regression'>;

const train = async <Task extends 'tabular-classification' | 'regression'>(
  task: Task,
  { train: learned, validation, target, columns, approach, seed, options }: Given,
  { out, ...hooks }: StepContext<ReturnType<typeof outputsOf<Task>>>,
) => {
  const { trainTabular: learn } = await import('@boucle/models');
  const read = (data: Given['train']) => readColumns(data, target, columns);
  const [known, seen] = [await read(learned), await read(validation)];
  const trained = await learn({ ...known, validation: seen }, { ...options, task, approach, seed } as Parameters<typeof learn>[1], hooks);
  const inputExample = Object.fromEntries(Object.entries(known.columns).map(([name, cells]) => [name, cells.slice(0, 5)]));
  await trained.save(out.model.path, { inputExample });
  out.importance.set([...trained.importance]);
  return { trained, seen };
};

type Cell = number | string | boolean | null;
interface Read {
  readonly columns: Record<string, Cell[]>;
  readonly target: Cell[];
}

/** Rows turned into columns. What is neither a number, a text nor a truth is left as it is, for the trainer to refuse by name. */
const readColumns = async (data: Given['train'], target: string, wanted: readonly string[]): Promise<Read> => {
  const read: Read = { columns: {}, target: [] };
  for await (const batch of data.batches()) {
    for (const { _row, ...row } of batch as readonly ({ _row: string } & Record<string, unknown>)[]) {
      const names = wanted.length > 0 ? wanted : Object.keys(row);
      if (read.target.length === 0) await requireColumns(row, [target, ...names]);
      for (const name of names) if (name !== target) (read.columns[name] ??= []).push(cellOf(row[name]));
      read.target.push(cellOf(row[target]));
    }
  }
  return read;
};

const requireColumns = async (row: Readonly<Record<string, unknown>>, names: readonly string[]): Promise<void> => {
  const missing = names.find((name) => !Object.hasOwn(row, name));
  if (missing === undefined) return;
  const { invalid } = await import('@boucle/contract');
  throw invalid(`There is no column "${missing}"; there are ${Object.keys(row).join(', ')}`, 'unknown_column', { column: missing });
};

const cellOf = (value: unknown): Cell =>
  typeof value === 'bigint' ? Number(value) : value === undefined || value !== value ? null : (value as Cell);
