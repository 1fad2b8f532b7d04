import type { Node, OnnxModel, TensorData, Value } from '../onnx/model.ts';
import { forestNode } from '../trees/forest-onnx.ts';
import type { LinearWeights } from './linear-design.ts';
import type { TableFeature } from './table-columns.ts';
import type { TabularModel } from './tabular-core.ts';
import { type Link, linkOf, outputsFor } from './tabular-model.ts';

/** Appends nodes, and names what they give. Names of columns are free text: what is called like one gets a mark. */
const createGraph = (columns: ReadonlySet<string>) => {
  const nodes: Node[] = [];
  const initializers = new Map<string, TensorData>();
  const unlike = (name: string): string => (columns.has(name) ? unlike(`predicted ${name}`) : name);
  const fresh = (what: string): string => unlike(`/${nodes.length + initializers.size}/${what}`);
  const keep = (data: TensorData): string => {
    const name = fresh('constant');
    initializers.set(name, data);
    return name;
  };
  return {
    nodes,
    initializers,
    fresh,
    unlike,
    floats: (values: Iterable<number>, shape: readonly number[]): string =>
      keep({ type: 'float64', shape, data: Float64Array.from(values) }),
    integers: (values: readonly number[]): string =>
      keep({ type: 'int64', shape: [values.length], data: BigInt64Array.from(values, BigInt) }),
    texts: (data: readonly string[]): string => keep({ type: 'string', shape: [data.length], data }),
    apply: (op: string, inputs: readonly string[], more: Omit<Partial<Node>, 'op' | 'inputs'> = {}): string => {
      const [output] = more.outputs ?? [fresh(op)];
      nodes.push({ ...more, op, inputs, outputs: [output!] });
      return output!;
    },
    push: (node: Node): void => void nodes.push(node),
  };
};
type Graph = ReturnType<typeof createGraph>;

const int = (value: number) => ({ kind: 'int', value }) as const;
const float64 = int(11);

/**
 * From a named input for each column (numbers and truths float32, NaN where missing; categories text, empty where missing) to the outputs of the
 * signature, `predicted` before the name of one that is also a column's. All sums are in float64, as ours. ONNX 1.16: ai.onnx 20, ai.onnx.ml 5, intermediate representation 9.
 */
export const tabularOnnx = (model: TabularModel): OnnxModel => {
  const graph = createGraph(new Set(model.features.map(({ name }) => name)));
  const scores = model.core.kind === 'forest' ? forestScores(graph, model) : linearScores(graph, model.features, model.core.linear);
  const outputs = answers(graph, { scores, link: linkOf(model), labels: model.labels });
  return {
    irVersion: 9,
    opsets: { '': 20, 'ai.onnx.ml': 5 },
    producer: { name: 'boucle', version: '' },
    graph: {
      name: 'table',
      nodes: graph.nodes,
      inputs: model.features.map(({ name, kind }) => ({ name, type: kind === 'category' ? 'string' : 'float32', shape: ['batch'] })),
      outputs,
      initializers: graph.initializers,
    },
  };
};

/** Codes of categories, as [batch] of the type that the values have. */
const codes = ({ apply }: Graph, { name, categories }: TableFeature, as: 'floats' | 'int64s'): string =>
  apply('LabelEncoder', [name], {
    domain: 'ai.onnx.ml',
    attributes: {
      keys_strings: { kind: 'strings', value: categories },
      ...(as === 'floats'
        ? { values_floats: { kind: 'floats', value: categories.map((_, i) => i + 1) }, default_float: { kind: 'float', value: 0 } }
        : { values_int64s: { kind: 'ints', value: categories.map((_, i) => i + 1) }, default_int64: int(0) }),
    },
  });

/** Columns of [batch] side by side, as float64. */
const sideBySide = ({ apply, integers }: Graph, columns: readonly string[]): string => {
  const axis = integers([1]);
  const table = apply(
    'Concat',
    columns.map((column) => apply('Unsqueeze', [column, axis])),
    { attributes: { axis: int(1) } },
  );
  return apply('Cast', [table], { attributes: { to: float64 } });
};

const forestScores = (graph: Graph, { features, labels, core }: TabularModel): string => {
  if (core.kind !== 'forest') throw new TypeError('not a forest');
  const input = sideBySide(
    graph,
    features.map((feature) => (feature.kind === 'category' ? codes(graph, feature, 'floats') : feature.name)),
  );
  const { base, trees } = core.forest;
  const sums = graph.fresh('TreeEnsemble');
  graph.push(forestNode({ base, trees: trees.length > 0 ? trees : [{ nodes: [], leaves: [0] }] }, { input, output: sums }));
  return graph.apply('Add', [sums, graph.floats(base, [outputsFor(labels)])]);
};

/** Numbers: filled, standardised, weighted; which were missing, weighted; and for each category the weights of its code. */
const linearScores = (graph: Graph, features: readonly TableFeature[], { design: { parts }, biases, weights }: LinearWeights): string => {
  const { apply, floats } = graph;
  const outputs = biases.length;
  const rowsOf = (columns: readonly number[]): string =>
    floats(
      columns.flatMap((column) => weights.slice(column * outputs, (column + 1) * outputs)),
      [columns.length, outputs],
    );
  let scores = floats(biases, [1, outputs]);
  const scaled = parts.flatMap((part, i) => (part.kind === 'scaled' ? [{ ...part, name: features[i]!.name }] : []));
  if (scaled.length > 0) {
    const row = (of: (part: (typeof scaled)[number]) => number): string => floats(scaled.map(of), [1, scaled.length]);
    const raw = sideBySide(
      graph,
      scaled.map(({ name }) => name),
    );
    const missing = apply('IsNaN', [raw]);
    const filled = apply('Where', [missing, row(({ median }) => median), raw]);
    const centred = apply('Sub', [filled, row(({ mean }) => mean)]);
    const standard = apply('Div', [centred, row(({ deviation }) => deviation)]);
    const isMissing = apply('Cast', [missing], { attributes: { to: float64 } });
    for (const [values, step] of [
      [standard, 0],
      [isMissing, 1],
    ] as const) {
      scores = apply('Add', [scores, apply('MatMul', [values, rowsOf(scaled.map(({ begin }) => begin + step))])]);
    }
  }
  for (const [i, part] of parts.entries()) {
    if (part.kind !== 'one-hot') continue;
    const table = rowsOf(Array.from({ length: part.width }, (_, code) => part.begin + code));
    scores = apply('Add', [scores, apply('Gather', [table, codes(graph, features[i]!, 'int64s')], { attributes: { axis: int(0) } })]);
  }
  return scores;
};

const answers = (
  { apply, texts, integers, unlike }: Graph,
  { scores, link, labels }: { scores: string; link: Link; labels: readonly string[] },
): Value[] => {
  if (link === 'identity') {
    apply('Squeeze', [scores, integers([1])], { outputs: [unlike('value')] });
    return [{ name: unlike('value'), type: 'float64', shape: ['batch'] }];
  }
  const last = { axis: int(1) };
  const [label, score, probabilities] = ['label', 'score', 'probabilities'].map(unlike) as [string, string, string];
  const outputs = [probabilities];
  if (link === 'softmax') apply('Softmax', [scores], { attributes: last, outputs });
  else if (link === 'logistic') apply('Sigmoid', [apply('Concat', [apply('Neg', [scores]), scores], { attributes: last })], { outputs });
  else {
    const each = apply('Sigmoid', [scores]);
    apply('Div', [each, apply('ReduceSum', [each, integers([1])])], { outputs });
  }
  const best = apply('ArgMax', outputs, { attributes: { ...last, keepdims: int(0) } });
  apply('Gather', [texts(labels), best], { attributes: { axis: int(0) }, outputs: [label] });
  apply('ReduceMax', [probabilities, integers([1])], { attributes: { keepdims: int(0) }, outputs: [score] });
  return [
    { name: label, type: 'string', shape: ['batch'] },
    { name: score, type: 'float64', shape: ['batch'] },
    { name: probabilities, type: 'float64', shape: ['batch', labels.length] },
  ];
};
