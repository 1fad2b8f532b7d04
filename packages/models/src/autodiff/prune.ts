import type { Attribute, Node, OnnxGraph } from '../onnx/model.ts';

/** The graph without the nodes and constants that no output needs, such as gradients nobody asked for. */
export const prune = (graph: OnnxGraph): OnnxGraph => {
  const needed = new Set(graph.outputs.map(({ name }) => name));
  const nodes = graph.nodes.toReversed().flatMap((node) => {
    if (!node.outputs.some((name) => needed.has(name))) return [];
    const kept = node.op === 'Scan' ? pruneScan(node, needed) : node.op === 'LayerNormalization' ? pruneStatistics(node, needed) : node;
    for (const name of namesReadBy(kept)) needed.add(name);
    return [kept];
  });
  const initializers = new Map([...graph.initializers].filter(([name]) => needed.has(name)));
  return { ...graph, nodes: nodes.toReversed(), initializers };
};

/** The loop without the stacks that nobody reads, such as gates that are kept for a gradient. Its states stay. */
const pruneScan = (node: Node, needed: ReadonlySet<string>): Node => {
  const { body, scan_output_directions: directions } = node.attributes ?? {};
  if (body?.kind !== 'graph' || directions?.kind !== 'ints') return node;
  const states = node.outputs.length - directions.value.length;
  const isKept = (_: unknown, i: number): boolean => i < states || needed.has(node.outputs[i]!);
  return {
    ...node,
    outputs: node.outputs.filter(isKept),
    attributes: {
      ...node.attributes,
      body: { kind: 'graph', value: prune({ ...body.value, outputs: body.value.outputs.filter(isKept) }) },
      scan_output_directions: { ...directions, value: directions.value.filter((_, stack) => isKept(_, states + stack)) },
    },
  };
};

/** Layer norm without mean and deviation where no gradient reads them: without them, onnxruntime may fuse it with what stands before. */
const pruneStatistics = (node: Node, needed: ReadonlySet<string>): Node =>
  node.outputs.slice(1).some((name) => needed.has(name)) ? node : { ...node, outputs: node.outputs.slice(0, 1) };

/** The inputs of a node, and what the body of a loop reads from around it. */
const namesReadBy = ({ inputs, attributes = {} }: Node): readonly string[] => [
  ...inputs,
  ...Object.values(attributes).flatMap((attribute) => (attribute.kind === 'graph' ? namesReadIn(attribute.value) : [])),
];

const namesReadIn = ({ nodes, outputs }: OnnxGraph): readonly string[] => [
  ...nodes.flatMap(namesReadBy),
  ...outputs.map(({ name }) => name),
];

/** The nodes with some values named otherwise, in bodies too. */
export const rename = (nodes: readonly Node[], names: ReadonlyMap<string, string>): Node[] => {
  const to = (name: string): string => names.get(name) ?? name;
  const inside = (attribute: Attribute): Attribute =>
    attribute.kind === 'graph' ? { ...attribute, value: { ...attribute.value, nodes: rename(attribute.value.nodes, names) } } : attribute;
  return nodes.map(({ inputs, outputs, attributes, ...node }) => ({
    ...node,
    inputs: inputs.map(to),
    outputs: outputs.map(to),
    ...(attributes && { attributes: Object.fromEntries(Object.entries(attributes).map(([name, one]) => [name, inside(one)])) }),
  }));
};
