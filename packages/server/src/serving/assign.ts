import { hash } from 'node:crypto';
import type { Variant } from '@boucle/contract';

type Shared = Pick<Variant, 'mode' | 'share'>;

/**
 * The live variant that answers a unit: by salt and unit alone, so that it is the same after a restart and in every process.
 * The later a variant stands in the list, the lower its part: the candidate behind the baseline keeps its units while its share rises.
 */
export const assign = <V extends Shared>(salt: string, unit: string, variants: readonly V[]): V | undefined => {
  const live = variants.filter(({ mode }) => mode === 'live');
  if (live.length < 2) return live[0];
  const fraction = fractionOf(salt, unit);
  let edge = 0;
  for (const variant of live.toReversed()) {
    edge += variant.share;
    if (fraction < edge) return variant;
  }
  // Shares that add up to a little less than one leave this much to the first.
  return live[0];
};

/** The variants that see a unit without answering it; independent of the one that answers. */
export const shadowsOf = <V extends Shared>(salt: string, unit: string, variants: readonly V[]): V[] => {
  const shadows = variants.filter(({ mode }) => mode === 'shadow');
  if (shadows.length === 0) return shadows;
  const fraction = fractionOf(`${salt}/shadow`, unit);
  return shadows.filter(({ share }) => fraction < share);
};

/** The first 53 bits of a SHA-256, as a number from 0 up to, and without, 1. */
const fractionOf = (salt: string, unit: string): number => {
  const digest = hash('sha256', `${salt}/${unit}`, 'buffer');
  return (digest.readUInt32BE(0) * 2 ** 21 + (digest.readUInt32BE(4) >>> 11)) / 2 ** 53;
};
