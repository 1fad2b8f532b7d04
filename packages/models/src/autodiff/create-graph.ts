import { invalid } from '@boucle/contract';
import type { Node, TensorData, TensorType, Value } from '../onnx/model.ts';
import type { Float, Graph, Tensor } from './graph.ts';
import { prune, rename } from './prune.ts';

interface GraphOptions {
  readonly float?: Float;
  readonly training: boolean;
  readonly fedTags?: readonly string[];
}

export const createGraph = ({ float = 'float32', training, fedTags = [] }: GraphOptions): Graph => {
  const counts = new Map<string, number>();
  /** A name for what has none: it starts with a slash, which no declared name does. */
  const newName = (like: string): string => {
    const count = counts.get(like) ?? 0;
    counts.set(like, count + 1);
    return `/${like}_${count}`;
  };
  return growGraph({ float, training, fedTags: new Set(fedTags), newName });
};

interface Ground extends Pick<Graph, 'float' | 'training' | 'fedTags'> {
  readonly newName: (like: string) => string;
  readonly parent?: Graph;
}

const growGraph = ({ newName, parent, ...ground }: Ground): Graph => {
  const nodes: Node[] = [];
  const initializers = new Map<string, TensorData>();
  const made = new Map<string, Tensor>();
  const declared = new Set<string>();
  const declare = (name: string): void => {
    if (declared.has(name) || (name.startsWith('/') && !parent)) {
      throw invalid(`${name} cannot be used as a name: it is taken, or starts with a slash`, 'name_taken', { name });
    }
    declared.add(name);
  };
  const tensor = (name: string, { type, shape }: TensorType): Tensor => ({ graph, name, type, shape });

  const graph: Graph = {
    ...ground,
    depth: parent ? parent.depth + 1 : 0,
    tape: [],
    masks: [],
    tags: new Map(),
    inputs: [],
    input: (name, type) => {
      declare(name);
      const input = tensor(name, type);
      graph.inputs.push(input);
      return input;
    },
    initializer: (name, data) => {
      declare(name);
      initializers.set(name, data);
      return tensor(name, data);
    },
    constant: (data) => {
      const name = newName('constant');
      initializers.set(name, data);
      return tensor(name, data);
    },
    once: (key, make) => {
      const value = made.get(key) ?? make();
      made.set(key, value);
      return value;
    },
    node: ({ inputs, outputs: types, ...node }) => {
      const outputs = types.map((type) => tensor(newName(node.op), type));
      nodes.push({ ...node, inputs: inputs.map(({ name }) => name), outputs: outputs.map(({ name }) => name) });
      return outputs;
    },
    body: () => {
      const inner = growGraph({ ...ground, newName, parent: graph });
      return {
        input: (type) => inner.input(newName('slice'), type),
        finish: (outputs) => inner.finish(Object.fromEntries(outputs.map((output) => [newName('next'), output]))),
      };
    },
    finish: (outputs) => {
      const computed = new Set(nodes.flatMap((node) => node.outputs));
      const renamed = new Map<string, string>();
      for (const [name, { name: from }] of Object.entries(outputs)) {
        declare(name);
        // What a node makes can be given a name, once; inputs, constants and second names are copies.
        if (computed.has(from) && !renamed.has(from)) renamed.set(from, name);
        else nodes.push({ op: 'Identity', inputs: [from], outputs: [name] });
      }
      return prune({
        name: parent ? 'body' : 'main',
        nodes: rename(nodes, renamed),
        inputs: graph.inputs.map((input) => valueOf(input.name, input)),
        outputs: Object.entries(outputs).map(([name, output]) => valueOf(name, output)),
        initializers,
      });
    },
  };
  return graph;
};

const valueOf = (name: string, { type, shape }: TensorType): Value => ({ name, type, shape });
