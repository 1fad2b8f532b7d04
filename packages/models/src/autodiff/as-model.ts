import type { OnnxGraph, OnnxModel } from '../onnx/model.ts';

/** ONNX 1.15: intermediate representation 9, operator set 20. No version of ours, so that the same training writes the same bytes. */
export const asModel = (graph: OnnxGraph): OnnxModel => ({
  irVersion: 9,
  opsets: { '': 20, ...(graph.nodes.some(({ domain }) => domain === 'com.microsoft') && { 'com.microsoft': 1 }) },
  producer: { name: 'boucle', version: '' },
  graph,
});
