import type { BertConfig } from './config.ts';

/** Low-rank adaptation (Hu et al. 2021): W + alpha / rank · down · up, of which W stays as it is. */
export interface Lora {
  readonly rank: number;
  readonly alpha: number;
}

/** Section 4.2 of the paper: adapting these two of the four attention weights serves best at a given number of parameters (table 5). */
const adapted = ['query', 'value'] as const;

/** The weights that adapters lie beside, and the names of the adapters. */
export const adaptersOf = ({ layers }: BertConfig): readonly { readonly weight: string; readonly down: string; readonly up: string }[] =>
  Array.from({ length: layers }, (_, layer) =>
    adapted.map((part) => {
      const name = `layer.${layer}.attention.${part}`;
      return { weight: `${name}.weight`, down: `${name}.down`, up: `${name}.up` };
    }),
  ).flat();

/** The weights of the same model without adapters, which are added to what they lie beside: what is served costs nothing more. */
export const mergeAdapters = (
  weights: ReadonlyMap<string, Float32Array>,
  config: BertConfig,
  { rank, alpha }: Lora,
): Map<string, Float32Array> => {
  const merged = new Map(weights);
  const width = config.hiddenSize;
  for (const { weight, down, up } of adaptersOf(config)) {
    const [into, a, b] = [Float32Array.from(weights.get(weight)!), weights.get(down)!, weights.get(up)!];
    for (let row = 0; row < width; row++) {
      for (let r = 0; r < rank; r++) {
        const factor = (alpha / rank) * a[row * rank + r]!;
        for (let column = 0; column < width; column++) into[row * width + column]! += factor * b[r * width + column]!;
      }
    }
    merged.set(weight, into);
    merged.delete(down);
    merged.delete(up);
  }
  return merged;
};
