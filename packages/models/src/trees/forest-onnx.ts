import type { Attribute, Node, TensorData } from '../onnx/model.ts';
import type { Forest } from './forest.ts';

/** Values of `nodes_modes`. https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsemble.html */
const [lessOrEqual, member] = [0, 6];

/**
 * The forest as one operator, TreeEnsemble of ai.onnx.ml 5: from [rows, features] to scores [rows, outputs], both float64, so that sums come out
 * as ours but for their order. Limits are float32 values, and so are the features: no comparison can end differently.
 */
export const forestNode = ({ base, trees }: Forest, { input, output }: { input: string; output: string }): Node => {
  const nodes: { feature: number; split: number; mode: number; missing: boolean; yes: Child; no: Child }[] = [];
  const members: number[] = [];
  const leaves: { target: number; weight: number }[] = [];
  const roots: number[] = [];
  for (const [t, tree] of trees.entries()) {
    const [firstNode, firstLeaf] = [nodes.length, leaves.length];
    const place = (child: number): Child =>
      child >= 0 ? { at: firstNode + child, isLeaf: false } : { at: firstLeaf + ~child, isLeaf: true };
    roots.push(nodes.length);
    // The operator has no tree of a single leaf: both sides of its one question come to it.
    if (tree.nodes.length === 0) nodes.push({ feature: 0, split: 0, mode: lessOrEqual, missing: true, yes: place(-1), no: place(-1) });
    for (const { feature, threshold, missingLeft, codes, left, right } of tree.nodes) {
      const isCategory = codes.length > 0;
      nodes.push({
        feature,
        split: threshold,
        mode: isCategory ? member : lessOrEqual,
        missing: missingLeft,
        yes: place(left),
        no: place(right),
      });
      // A NaN ends each set.
      if (isCategory) members.push(...codes, Number.NaN);
    }
    leaves.push(...tree.leaves.map((weight) => ({ target: t % base.length, weight })));
  }
  return {
    op: 'TreeEnsemble',
    domain: 'ai.onnx.ml',
    inputs: [input],
    outputs: [output],
    attributes: {
      n_targets: { kind: 'int', value: base.length },
      aggregate_function: { kind: 'int', value: 1 },
      post_transform: { kind: 'int', value: 0 },
      tree_roots: ints(roots),
      nodes_featureids: ints(nodes.map(({ feature }) => feature)),
      nodes_splits: doubles(nodes.map(({ split }) => split)),
      nodes_modes: tensor({
        type: 'uint8',
        shape: [nodes.length],
        data: Uint8Array.from(nodes, ({ mode }) => mode),
      }),
      nodes_truenodeids: ints(nodes.map(({ yes }) => yes.at)),
      nodes_trueleafs: ints(nodes.map(({ yes }) => Number(yes.isLeaf))),
      nodes_falsenodeids: ints(nodes.map(({ no }) => no.at)),
      nodes_falseleafs: ints(nodes.map(({ no }) => Number(no.isLeaf))),
      nodes_missing_value_tracks_true: ints(nodes.map(({ missing }) => Number(missing))),
      leaf_targetids: ints(leaves.map(({ target }) => target)),
      leaf_weights: doubles(leaves.map(({ weight }) => weight)),
      ...(members.length > 0 && { membership_values: doubles(members) }),
    },
  };
};

interface Child {
  readonly at: number;
  readonly isLeaf: boolean;
}

const ints = (value: readonly number[]): Attribute => ({ kind: 'ints', value });
const tensor = (value: TensorData): Attribute => ({ kind: 'tensor', value });
const doubles = (values: readonly number[]): Attribute =>
  tensor({ type: 'float64', shape: [values.length], data: Float64Array.from(values) });
