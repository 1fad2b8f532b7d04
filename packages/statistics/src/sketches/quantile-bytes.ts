import { createByteReader, createByteWriter } from './bytes.ts';
import type { QuantileForm } from './quantile-form.ts';

export const writeQuantiles = ({ size, seed, count, min, max, levels, compactions }: QuantileForm): Uint8Array => {
  const to = createByteWriter('quantiles');
  for (const value of [size, seed, count, levels.length]) to.whole(value);
  for (const value of count === 0 ? [] : [min!, max!]) to.float(value);
  for (const [h, level] of levels.entries()) {
    to.whole(compactions[h]!);
    to.whole(level.length);
    for (const value of level) to.float(value);
  }
  return to.done();
};

export const readQuantiles = (bytes: Uint8Array): QuantileForm => {
  const from = createByteReader('quantiles', bytes);
  const [size, seed, count, height] = [from.whole(), from.whole(), from.whole(), from.whole()] as const;
  const [min, max] = count === 0 ? [null, null] : [from.float(), from.float()];
  const levels: number[][] = [];
  const compactions: number[] = [];
  for (let h = 0; h < height; h++) {
    compactions.push(from.whole());
    levels.push(Array.from({ length: from.whole() }, () => from.float()));
  }
  from.done();
  return { kind: 'quantiles', version: 1, size, seed, count, min, max, levels, compactions };
};
