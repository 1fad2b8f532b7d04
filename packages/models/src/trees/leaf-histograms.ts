import type { BinnedTable } from './binned-table.ts';
import type { BinSums } from './find-split.ts';
import { chunkRows, planeBytes } from './kernels.ts';
import type { Unit } from './objective.ts';

/** The histograms of one tree's leaves, each in a slot of its own. Gradients lie in the table's memory as integers, worth `unit` each. */
export const createLeafHistograms = ({ layout, kernels, memory, features }: BinnedTable, used: readonly number[], unit: Unit) => {
  const words = new Int32Array(memory);
  const groups = [...new Set(used.map((feature) => feature >> 2))];
  const sums: BinSums = { gradients: new Float64Array(256), hessians: new Float64Array(256) };
  return {
    /** Counts the rows that lie from `begin` on in the order of the leaves. */
    fill: (slot: number, begin: number, rows: number): void => {
      const { gradients, ordered, cells, stride, planes } = layout;
      kernels.clear(layout.histogram(slot, 0), layout.histogramBytes);
      for (let done = 0; done < rows; done += chunkRows) {
        const count = Math.min(chunkRows, rows - done);
        kernels.gather(layout.rows + 4 * (begin + done), count, gradients, ordered, cells, stride, planes);
        for (const group of groups) kernels.histogram(ordered, count, planes + group * planeBytes, layout.histogram(slot, 4 * group));
      }
    },
    /** What is left of one histogram when the other's rows are gone. */
    subtract: (from: number, other: number): void =>
      void kernels.subtract(layout.histogram(from, 0), layout.histogramBytes, layout.histogram(other, 0)),
    /** The sums of a feature's bins; they hold until the next call. Exact up to 2^53, which eight million rows do not reach. */
    read: (slot: number, feature: number): BinSums => {
      const { bins } = features[feature]!;
      for (let bin = 0, at = layout.histogram(slot, feature) / 4; bin < bins; bin++, at += 4) {
        sums.gradients[bin] = (words[at + 1]! * 2 ** 32 + (words[at]! >>> 0)) * unit.gradient;
        sums.hessians[bin] = (words[at + 3]! * 2 ** 32 + (words[at + 2]! >>> 0)) * unit.hessian;
      }
      return sums;
    },
  };
};
