import { damaged } from '../package/package-file.ts';
import type { TreeNode } from '../trees/forest.ts';
import type { DesignPart } from './linear-design.ts';
import { columnKinds, mostFeatures, type TableFeature } from './table-columns.ts';
import type { TabularCore, TabularModel } from './tabular-core.ts';
import { outputsFor } from './tabular-model.ts';

type Fields = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every((one) => Number.isFinite(one));
const isBelow = (value: unknown, limit: number): value is number => Number.isInteger(value) && Number(value) >= 0 && Number(value) < limit;
const ensure: (holds: boolean, what: string) => asserts holds = (holds, what) => {
  if (!holds) throw damaged(what);
};

/** Holds what was read from files against what can be computed with: nothing may be out of bounds, and no tree may lead in circles. */
export const checkModel = (
  { task, labels, features, core }: { task: TabularModel['task']; labels: readonly string[]; features: unknown; core: unknown },
  kind: TabularCore['kind'],
): TabularModel => {
  const columns = checkFeatures(features);
  ensure(isRecord(core) && core['kind'] === kind && isRecord(core[kind]), `the file of what was learned is not of a ${kind} model`);
  const outputs = outputsFor(labels);
  if (kind === 'forest') checkForest(core['forest'] as Fields, columns, outputs);
  else checkLinear(core['linear'] as Fields, columns, outputs);
  return { task, labels, features: columns, core: core as unknown as TabularCore };
};

const checkFeatures = (features: unknown): TableFeature[] => {
  ensure(Array.isArray(features) && features.length > 0 && features.length <= mostFeatures, 'the features are not a list');
  for (const feature of features as unknown[]) {
    ensure(isRecord(feature) && typeof feature['name'] === 'string', 'a feature has no name');
    const { kind, categories } = feature;
    ensure((columnKinds as readonly unknown[]).includes(kind), 'a feature is of no known kind');
    ensure(
      Array.isArray(categories) && categories.length <= 255 && categories.every((one) => typeof one === 'string'),
      'the categories of a feature are not texts',
    );
    ensure(new Set(categories).size === categories.length && !categories.includes(''), 'a category is there twice, or empty');
  }
  const names = new Set((features as TableFeature[]).map(({ name }) => name));
  ensure(names.size === features.length, 'a feature is there twice');
  return features as TableFeature[];
};

const checkForest = ({ base, trees }: Fields, features: readonly TableFeature[], outputs: number): void => {
  ensure(isNumbers(base) && base.length === outputs, 'the forest does not fit the labels');
  ensure(Array.isArray(trees) && trees.length % outputs === 0, 'the forest has an unfinished round');
  for (const tree of trees as unknown[]) {
    ensure(isRecord(tree) && Array.isArray(tree['nodes']) && isNumbers(tree['leaves']), 'a tree is not one');
    const nodes = tree['nodes'] as unknown[];
    const leaves = tree['leaves'].length;
    ensure(leaves === nodes.length + 1, 'a tree has too many or too few leaves');
    for (const [at, node] of nodes.entries()) {
      ensure(isRecord(node) && isNode(node, features), 'a node of a tree is not one');
      // A child comes after its parent, so every walk ends.
      for (const child of [node.left, node.right])
        ensure(Number.isInteger(child) && (child >= 0 ? child > at && child < nodes.length : ~child < leaves), 'a tree leads nowhere');
    }
  }
};

const isNode = (node: Fields, features: readonly TableFeature[]): node is Fields & TreeNode => {
  const { feature, threshold, missingLeft, codes, gain } = node;
  return (
    isBelow(feature, features.length) &&
    Number.isFinite(threshold) &&
    Number.isFinite(gain) &&
    typeof missingLeft === 'boolean' &&
    Array.isArray(codes) &&
    codes.every((code) => isBelow(code, 256)) &&
    codes.length > 0 === (features[feature]!.kind === 'category')
  );
};

const checkLinear = ({ design, weights, biases }: Fields, features: readonly TableFeature[], outputs: number): void => {
  ensure(isNumbers(biases) && biases.length === outputs, 'the weights do not fit the labels');
  ensure(
    isRecord(design) && Array.isArray(design['parts']) && design['parts'].length === features.length,
    'the design does not fit the features',
  );
  let width = 0;
  for (const [i, part] of (design['parts'] as unknown[]).entries()) {
    const { kind, categories } = features[i]!;
    ensure(isRecord(part) && part['begin'] === width, 'the design has gaps');
    if (kind === 'category') {
      ensure(part['kind'] === 'one-hot' && part['width'] === categories.length + 1, 'the design does not fit the categories');
      width += categories.length + 1;
    } else {
      const { kind: how, median, mean, deviation } = part as unknown as Extract<DesignPart, { kind: 'scaled' }>;
      ensure(how === 'scaled' && isNumbers([median, mean, deviation]) && deviation > 0, 'the design does not fit the numbers');
      width += 2;
    }
  }
  ensure(design['width'] === width && isNumbers(weights) && weights.length === width * outputs, 'there are too many or too few weights');
};
