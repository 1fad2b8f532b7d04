/** What a layout needs to know of a thing: its name and what has to come before it. */
export interface LayoutNode {
  readonly id: string;
  readonly after: readonly string[];
}
/** Column and row of a node, both from 0. */
export interface Place {
  readonly layer: number;
  readonly row: number;
}

/**
 * Layers from left to right: each node stands right after the last of what it needs, and in its layer near the middle of its neighbours,
 * which keeps most lines short and few of them crossed.
 */
export const layerLayout = (nodes: readonly LayoutNode[]): ReadonlyMap<string, Place> => {
  const layers = inLayers(nodes);
  const before = new Map(nodes.map(({ id, after }) => [id, after]));
  const next = new Map<string, string[]>();
  for (const { id, after } of nodes) for (const one of after) next.set(one, [...(next.get(one) ?? []), id]);
  for (let sweep = 0; sweep < 4; sweep++) {
    const forth = sweep % 2 === 0;
    const order = forth ? layers.slice(1) : layers.slice(0, -1).reverse();
    for (const layer of order) sortByNeighbours(layer, layers, (id) => (forth ? before.get(id) : next.get(id)) ?? []);
  }
  return new Map(layers.flatMap((ids, layer) => ids.map((id, row): [string, Place] => [id, { layer, row }])));
};

/** In the order of the nodes, which the plan has sorted: what comes before is known already. What points nowhere, or in a circle, is passed over. */
const inLayers = (nodes: readonly LayoutNode[]): string[][] => {
  const layerOf = new Map<string, number>();
  const layers: string[][] = [];
  for (const { id, after } of nodes) {
    const layer = Math.max(-1, ...after.map((one) => layerOf.get(one) ?? -1)) + 1;
    layerOf.set(id, layer);
    (layers[layer] ??= []).push(id);
  }
  return layers;
};

const sortByNeighbours = (layer: string[], layers: readonly string[][], neighbours: (id: string) => readonly string[]): void => {
  const row = new Map(layers.flatMap((ids) => ids.map((id, i): [string, number] => [id, i / Math.max(1, ids.length)])));
  const middle = new Map(
    layer.map((id, i) => {
      const rows = neighbours(id).flatMap((one) => row.get(one) ?? []);
      return [id, rows.length === 0 ? i / layer.length : rows.reduce((sum, one) => sum + one, 0) / rows.length];
    }),
  );
  layer.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0));
};
