import type { Tensor } from './graph.ts';

/** Gives a tensor a name by which it can be put out or, in a graph that is fed it, be replaced. Otherwise it is as it was. */
export const tag = (name: string, tensor: Tensor): Tensor => {
  const { graph, type, shape } = tensor;
  const tagged = graph.fedTags.has(name) ? graph.input(name, { type, shape }) : tensor;
  graph.tags.set(name, tagged);
  return tagged;
};
