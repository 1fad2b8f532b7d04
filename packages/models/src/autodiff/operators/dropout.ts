import type { Tensor } from '../graph.ts';
import { mul } from './arithmetic.ts';

/**
 * In training each entry is 0 with probability `rate` and else times 1 / (1 - rate), by a mask that is fed; in inference nothing happens
 * (Srivastava et al. 2014, in the inverted form). What draws the masks must not be asked here: so a training can be resumed to the bit.
 */
export const dropout = (x: Tensor, rate: number): Tensor => {
  const { graph, type, shape } = x;
  if (!graph.training || rate === 0) return x;
  const mask = graph.input(`mask/${graph.masks.length}`, { type, shape });
  graph.masks.push({ mask, rate });
  return mul(x, mask);
};
