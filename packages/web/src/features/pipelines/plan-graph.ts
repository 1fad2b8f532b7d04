import { type Plan, refsOf } from '@boucle/contract';
import { layerLayout, type Place } from './layer-layout.ts';

export interface GraphNode extends Place {
  readonly id: string;
  readonly kind: 'input' | 'step';
  readonly name: string;
  /** Of an input, its dataset. */
  readonly dataset?: string;
}
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  readonly layers: number;
  /** Rows of the fullest layer. */
  readonly rows: number;
}

export const inputNode = (name: string): string => `input ${name}`;

/** A plan as a graph: its datasets, its steps, and what each takes from where. Parameters are left out: nearly every step takes one. */
export const planGraph = (plan: Plan): Graph => {
  const ids = new Set(plan.steps.map(({ id }) => id));
  const after = (step: Plan['steps'][number]): string[] => [
    ...new Set(
      refsOf(step).flatMap((ref) => {
        if (ref.from === 'step') return ids.has(ref.id) ? [ref.id] : [];
        return ref.from === 'input' ? [inputNode(ref.name)] : [];
      }),
    ),
  ];
  const things = [
    ...Object.keys(plan.inputs).map((name) => ({ id: inputNode(name), after: [] as string[] })),
    ...plan.steps.map((step) => ({ id: step.id, after: after(step) })),
  ];
  const places = layerLayout(things);
  const nodes: GraphNode[] = things.map(({ id }) => {
    const place = places.get(id)!;
    const name = id.slice(inputNode('').length);
    const dataset = ids.has(id) ? undefined : plan.inputs[name]?.dataset;
    return dataset === undefined ? { id, kind: 'step', name: id, ...place } : { id, kind: 'input', name, dataset, ...place };
  });
  return {
    nodes,
    edges: things.flatMap((thing) => thing.after.map((from) => ({ from, to: thing.id }))),
    layers: Math.max(0, ...nodes.map(({ layer }) => layer + 1)),
    rows: Math.max(0, ...nodes.map(({ row }) => row + 1)),
  };
};

const steps: Readonly<Record<string, { readonly layers: number; readonly rows: number }>> = {
  ArrowLeft: { layers: -1, rows: 0 },
  ArrowRight: { layers: 1, rows: 0 },
  ArrowUp: { layers: 0, rows: -1 },
  ArrowDown: { layers: 0, rows: 1 },
};

/** Where an arrow key leads: along the layers to the nearest row, or along the rows. */
export const neighbourOf = ({ nodes }: Graph, id: string, key: string): string | undefined => {
  const here = nodes.find((node) => node.id === id);
  if (!here) return undefined;
  const step = steps[key];
  if (!step) return undefined;
  const there = nodes.filter(({ layer, row }) => layer === here.layer + step.layers && (step.layers !== 0 || row === here.row + step.rows));
  return there.sort((a, b) => Math.abs(a.row - here.row) - Math.abs(b.row - here.row))[0]?.id;
};
