import { int, ints } from '../attributes.ts';
import type { Graph, Tensor } from '../graph.ts';

export interface Scan<State extends string, Slice extends string, Made extends string> {
  /** The first state. */
  readonly states: Readonly<Record<State, Tensor>>;
  /** Read slice by slice along the first axis. */
  readonly scanned: Readonly<Record<Slice, Tensor>>;
  /** From the last slice to the first. What is made still lies where its slice lay. */
  readonly reverse?: boolean;
  /** One step: the next state, and what is made of this slice. It sees all tensors around it; it is not differentiated. */
  readonly step: (
    states: Readonly<Record<State, Tensor>>,
    slices: Readonly<Record<Slice, Tensor>>,
  ) => {
    readonly states: Readonly<Record<State, Tensor>>;
    readonly made: Readonly<Record<Made, Tensor>>;
  };
}

/** A loop over the slices of tensors; what its steps make comes back stacked along a new first axis. */
export const scan = <State extends string, Slice extends string, Made extends string>(
  graph: Graph,
  { states, scanned, reverse = false, step }: Scan<State, Slice, Made>,
): Record<Made, Tensor> => {
  const body = graph.body();
  const inside = <Name extends string>(tensors: Readonly<Record<Name, Tensor>>, shapeOf: (tensor: Tensor) => Tensor['shape']) =>
    mapValues(tensors, (tensor) => body.input({ type: tensor.type, shape: shapeOf(tensor) }));
  const next = step(
    inside(states, ({ shape }) => shape),
    inside(scanned, ({ shape }) => shape.slice(1)),
  );
  const length = Object.values<Tensor>(scanned)[0]!.shape[0]!;
  const stacked = Object.values<Tensor>(next.made).map(({ type, shape }) => ({ type, shape: [length, ...shape] }));
  const directions = (of: object) => ints(Object.keys(of).map(() => (reverse ? 1 : 0)));
  const outputs = graph.node({
    op: 'Scan',
    inputs: [...Object.values<Tensor>(states), ...Object.values<Tensor>(scanned)],
    outputs: [...Object.values<Tensor>(states), ...stacked],
    attributes: {
      body: { kind: 'graph', value: body.finish([...Object.values<Tensor>(next.states), ...Object.values<Tensor>(next.made)]) },
      num_scan_inputs: int(Object.keys(scanned).length),
      scan_input_directions: directions(scanned),
      scan_output_directions: directions(next.made),
    },
  });
  const made = outputs.slice(Object.keys(states).length);
  return Object.fromEntries(Object.keys(next.made).map((name, i) => [name, made[i]!])) as Record<Made, Tensor>;
};

const mapValues = <Name extends string>(
  tensors: Readonly<Record<Name, Tensor>>,
  change: (tensor: Tensor) => Tensor,
): Record<Name, Tensor> =>
  Object.fromEntries(Object.entries<Tensor>(tensors).map(([name, tensor]) => [name, change(tensor)])) as Record<Name, Tensor>;
