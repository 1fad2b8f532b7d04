import { AppError, invalid } from '@boucle/contract';
import type { Pace, TrainingHooks } from '../training-pace.ts';
import { boost, type Boosting, type BoostOptions } from '../trees/boost.ts';
import type { Forest } from '../trees/forest.ts';
import { binaryLogLoss, type Objective, softmaxLogLoss, squaredError } from '../trees/objective.ts';
import { type CellColumn, encodeColumn, type TableColumns, type TableFeature } from './table-columns.ts';
import { outputsFor } from './tabular-model.ts';
import { encodeTarget, type Target } from './target.ts';

/** Rows whose target is known. */
export interface LabelledTable {
  readonly columns: TableColumns;
  readonly target: CellColumn;
}

interface Growing {
  readonly rows: LabelledTable & { readonly validation?: LabelledTable | undefined };
  readonly features: readonly TableFeature[];
  readonly target: Target;
  readonly options: BoostOptions;
  readonly hooks: TrainingHooks;
  readonly pace: Pace;
}

/** Every row has a score for each of many labels: 2 GiB of them. */
const mostScores = 2 ** 28;

export const trainForest = ({ rows, features, target, options, hooks, pace }: Growing): Promise<Forest> => {
  const { labels } = target;
  if (outputsFor(labels) * rows.target.length > mostScores) {
    throw new AppError(
      'too_large',
      `${labels.length} labels for ${rows.target.length} rows are too many; use fewer rows, or group labels`,
      {
        reason: 'too_many_labels',
      },
    );
  }
  const validation = rows.validation && validationSide(rows.validation, features, labels);
  if (validation && validation.left > 0)
    hooks.log?.(`${validation.left} validation rows have a label that no row of training has, and are left out`);
  return boost({ train: sideOf(rows.columns, features, target), validation: validation?.side, options, hooks, pace });
};

const sideOf = (columns: TableColumns, features: readonly TableFeature[], target: Target): Boosting['train'] => ({
  rows: rowsOf(target),
  objective: objectiveOf(target),
  features: features.map((feature) => ({
    kind: feature.kind === 'category' ? ('category' as const) : ('number' as const),
    values: () => encodeColumn(feature, columns[feature.name]!),
  })),
});

/** Rows with a label that cannot be learned have no loss. No row is left where there is no side. */
const validationSide = ({ columns, target }: LabelledTable, features: readonly TableFeature[], labels: readonly string[]) => {
  const known = new Set(labels);
  const kept = Array.from(target, (_, row) => row).filter((row) => labels.length === 0 || known.has(String(target[row])));
  const some = (column: CellColumn): CellColumn => (kept.length === target.length ? column : kept.map((row) => column[row]));
  const chosen = Object.fromEntries(features.map(({ name }) => [name, some(columnOf(columns, name, target.length))]));
  const side = kept.length === 0 ? undefined : sideOf(chosen, features, encodeTarget(some(target), labels));
  return { side, left: target.length - kept.length };
};

const columnOf = (columns: TableColumns, name: string, rows: number): CellColumn => {
  const column = columns[name];
  if (column?.length === rows) return column;
  const found = column ? `${column.length} values for ${rows} rows in` : 'no';
  throw invalid(`Validation rows have ${found} column ${JSON.stringify(name)}`, 'missing_column', { column: name });
};

const rowsOf = (target: Target): number => ('numbers' in target ? target.numbers : target.classes).length;

const objectiveOf = (target: Target): Objective => {
  if ('numbers' in target) return squaredError(target.numbers);
  return target.labels.length === 2 ? binaryLogLoss(target.classes) : softmaxLogLoss(target.classes, target.labels.length);
};
