import type { BertConfig } from './config.ts';
import type { CompleteBertOptions } from './bert-options.ts';

type Settings = Pick<CompleteBertOptions, 'freeze' | 'lora' | 'layerDecay' | 'weightDecay'>;

/** Whether a parameter learns. With adapters only they do, and what lies above the encoder. */
export const isTrained = (name: string, { freeze, lora }: Settings): boolean => {
  if (isHead(name)) return true;
  if (lora) return /\.(down|up)$/.test(name);
  const frozenLayers = freeze.layers ?? 0;
  const layer = layerOf(name);
  return layer === undefined ? !freeze.embeddings && frozenLayers === 0 : layer >= frozenLayers;
};

/** How a parameter's update departs from the others': the layers' rates fall from the head down, and biases and layer norms do not shrink. */
export const updateOf = (
  name: string,
  config: BertConfig,
  { layerDecay, weightDecay }: Settings,
): { rate: number; weightDecay: number } => {
  const below = isHead(name) ? 0 : config.layers - (layerOf(name) ?? -1);
  return { rate: layerDecay ** below, weightDecay: /\.(bias|scale|shift)$/.test(name) ? 0 : weightDecay };
};

const isHead = (name: string): boolean => /^(pooler|classifier)\./.test(name);
const layerOf = (name: string): number | undefined => {
  const found = /^layer\.(\d+)\./.exec(name)?.[1];
  return found === undefined ? undefined : Number(found);
};
