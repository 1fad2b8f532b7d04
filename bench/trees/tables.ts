import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createRandom } from '@boucle/statistics';

/** Rows to learn from and rows to be judged on. */
export interface Tables {
  readonly train: Side;
  readonly test: Side;
}
interface Side {
  readonly columns: Readonly<Record<string, Float32Array | readonly (string | number | null)[]>>;
  readonly target: readonly (string | number)[] | Float32Array;
}

export const positive = '>50K';

/** The census income table: values have leading blanks, the first column is an unnamed index. Every fifth row is judged on. */
export const readAdult = (file: string): Tables => {
  const [head, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const names = head!.split(',').slice(1);
  const cells = lines.map((line) =>
    line
      .split(',')
      .slice(1)
      .map((cell) => cell.trim()),
  );
  const side = (isTest: boolean): Side => {
    const rows = cells.filter((_, row) => (row % 5 === 0) === isTest);
    const columns = names.slice(0, -1).map((name, column) => {
      const values = rows.map((row) => row[column]!);
      return [name, values.every((value) => value !== '' && Number.isFinite(Number(value))) ? values.map(Number) : values] as const;
    });
    return { columns: Object.fromEntries(columns), target: rows.map((row) => row.at(-1)!) };
  };
  return { train: side(false), test: side(true) };
};

const features = 28;
const judged = 0.2;

/** Made-up rows, column by column as float32, the target last: normal columns of which all, and the product of two, sway the target. */
export const writeSynthetic = (file: string, rows: number): void => {
  const random = createRandom(1);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const all = Math.round(rows * (1 + judged));
  const sums = new Float64Array(all);
  const out = openSync(file, 'w');
  let first = new Float32Array();
  for (let feature = 0; feature < features; feature++) {
    const weight = normal() / 3;
    const column = Float32Array.from({ length: all }, normal);
    if (feature === 0) first = column;
    for (let row = 0; row < all; row++) sums[row]! += weight * column[row]! + (feature === 1 ? column[row]! * first[row]! : 0);
    writeSync(out, column);
  }
  writeSync(
    out,
    Float32Array.from(sums, (sum) => (sum + normal() > 0 ? 1 : 0)),
  );
  closeSync(out);
};

export const readSynthetic = (file: string): Tables => {
  const bytes = readFileSync(file);
  const all = bytes.length / 4 / (features + 1);
  const column = (i: number): Float32Array => new Float32Array(bytes.buffer, bytes.byteOffset + 4 * all * i, all);
  const rows = Math.round(all / (1 + judged));
  const side = (begin: number, end: number): Side => ({
    columns: Object.fromEntries(Array.from({ length: features }, (_, i) => [`f${i}`, column(i).subarray(begin, end)])),
    target: column(features).subarray(begin, end),
  });
  return { train: side(0, rows), test: side(rows, all) };
};
