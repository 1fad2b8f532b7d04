import { type Columns, type Explanation, invalid } from '@boucle/contract';
import { treeShapley } from '../explain/tree-shapley.ts';
import type { ExplainOptions } from '../package/approach.ts';
import { createForestScorer } from '../trees/forest.ts';
import { linearContributions } from './linear-design.ts';
import { type CellColumn, encodeColumn } from './table-columns.ts';
import type { TabularModel } from './tabular-core.ts';

interface Asked {
  readonly columns: Columns;
  readonly rows: number;
  /** The label that each row is said to be. */
  readonly predicted: readonly (string | null)[];
}

/**
 * Why rows are answered as they are, by feature and exactly: of a linear model weight times value, from the average row; of trees Shapley
 * values, from a row that is missing altogether. What is explained is the score before it becomes a probability.
 */
export const explainTabular = (
  { features, labels, core }: TabularModel,
  { columns, rows, predicted }: Asked,
  { label: asked }: ExplainOptions = {},
): Explanation[] => {
  if (asked !== undefined && !labels.includes(asked)) {
    throw invalid(`The model knows no label "${asked}"; it knows ${labels.slice(0, 10).join(', ') || 'none'}`, 'unknown_label');
  }
  const encoded = features.map((feature) => encodeColumn(feature, columns[feature.name] as CellColumn));
  const nothing = Float32Array.from(features, (feature) => encodeColumn(feature, [null])[0]!);
  return Array.from({ length: rows }, (_, row): Explanation => {
    const label = asked ?? predicted[row]!;
    // With two labels there is one score, that of the second.
    const column = label === null || labels.length === 2 ? 0 : labels.indexOf(label);
    const sign = labels.length === 2 && label === labels[0] ? -1 : 1;
    const values = Float32Array.from(encoded, (one) => one[row]!);
    const { baseline, shares } =
      core.kind === 'linear'
        ? linearContributions(core.linear, values, column)
        : forestShares(core.forest, { row: values, reference: nothing, output: column });
    const contributions = features.map(({ name }, i) => ({ column: name, value: sign * shares[i]! })).filter(({ value }) => value !== 0);
    const output = contributions.reduce((sum, { value }) => sum + value, sign * baseline);
    return { label, output, baseline: sign * baseline, contributions, gap: 0, steps: null };
  });
};

const forestShares = (
  forest: Parameters<typeof treeShapley>[0],
  asked: Parameters<typeof treeShapley>[1],
): { baseline: number; shares: Float64Array } => {
  const reference = Array.from(asked.reference, (value) => Float32Array.of(value));
  return { baseline: createForestScorer(forest)(reference, 1)[asked.output]!, shares: treeShapley(forest, asked) };
};
