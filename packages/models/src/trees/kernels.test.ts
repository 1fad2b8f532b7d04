import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { binTable } from './binned-table.ts';
import { planeBytes } from './kernels.ts';

const ofRows = fc.integer({ min: 1, max: 60 }).chain((rows) =>
  fc.record({
    codes: fc.array(fc.array(fc.integer({ min: 0, max: 255 }), { minLength: rows, maxLength: rows }), { minLength: 1, maxLength: 6 }),
    gradients: fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { minLength: 2 * rows, maxLength: 2 * rows }),
    side: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 256, maxLength: 256 }),
    feature: fc.nat(5),
  }),
);

test('histograms are exact sums, the difference of two is the histogram of the rest, and parts keep their order', () => {
  fc.assert(
    fc.property(ofRows, ({ codes, gradients, side, feature: any }) => {
      const rows = codes[0]!.length;
      const feature = any % codes.length;
      const features = codes.map((column) => ({ kind: 'category' as const, values: () => Float32Array.from(column) }));
      const { layout, memory, kernels } = binTable(features, rows, { maxBins: 255, seed: 1, slots: 3 });
      new Int32Array(memory, layout.gradients, 2 * rows).set(gradients);
      const order = new Int32Array(memory, layout.rows, rows).map((_, row) => row);
      new Int32Array(memory, layout.rows, rows).set(order);
      new Uint8Array(memory, layout.left, 256).set(side);

      const { gradients: from, ordered, cells, stride, planes, left: table, scratch } = layout;
      const fill = (slot: number, begin: number, count: number): void => {
        kernels.clear(layout.histogram(slot, 0), layout.histogramBytes);
        kernels.gather(layout.rows + 4 * begin, count, from, ordered, cells, stride, planes);
        for (let first = 0; first < codes.length; first += 4)
          kernels.histogram(ordered, count, planes + (first / 4) * planeBytes, layout.histogram(slot, first));
      };
      const sums = (slot: number): BigInt64Array => new BigInt64Array(memory, layout.histogram(slot, 0), 512 * codes.length);

      fill(0, 0, rows);
      for (const [i, column] of codes.entries()) {
        const wanted = new BigInt64Array(512);
        for (const [row, bin] of column.entries()) {
          wanted[2 * bin]! += BigInt(gradients[2 * row]!);
          wanted[2 * bin + 1]! += BigInt(gradients[2 * row + 1]!);
        }
        assert.deepEqual(sums(0).subarray(512 * i, 512 * (i + 1)), wanted);
      }

      const left = kernels.partition(layout.rows, rows, layout.column(feature), table, scratch);
      const goesLeft = (row: number): boolean => side[codes[feature]![row]!] === 1;
      const parted = [...new Int32Array(memory, layout.rows, rows)];
      assert.deepEqual(parted, [...[...order].filter(goesLeft), ...[...order].filter((row) => !goesLeft(row))]);
      assert.equal(left, parted.filter(goesLeft).length);

      fill(1, 0, left);
      fill(2, left, rows - left);
      kernels.subtract(layout.histogram(0, 0), layout.histogramBytes, layout.histogram(1, 0));
      assert.deepEqual(sums(0), sums(2));
    }),
  );
});
