import type { Estimate } from '../estimate.ts';
import { normalQuantile } from '../normal-quantile.ts';
import { createByteReader, createByteWriter } from './bytes.ts';
import { hash52 } from './hash.ts';

export interface DistinctForm {
  readonly kind: 'distinct';
  readonly version: 1;
  readonly precision: number;
  /** The hashes themselves, ascending, as long as they are few; null after that. */
  readonly hashes: readonly number[] | null;
  /** A character a register, in the order of base64's alphabet; null while the hashes are kept. */
  readonly registers: string | null;
}

export interface DistinctSketch {
  /** A number and the text that looks like it are two values. RangeError for NaN. */
  readonly add: (value: string | number) => void;
  readonly addAll: (values: Iterable<string | number>) => void;
  /** See `distinctErrorOf`; 0 while all hashes are kept. */
  readonly relativeError: () => number;
  readonly estimate: (confidence?: number) => Estimate;
  /** What one sketch over both lots of values would be, exactly; neither changes. RangeError for another precision. */
  readonly mergedWith: (other: DistinctSketch) => DistinctSketch;
  readonly toJSON: () => DistinctForm;
  readonly toBytes: () => Uint8Array;
}

/** The standard deviation of the estimate as a share of it: 1.04/√(2^precision), so 0.016 for the default 12. */
export const distinctErrorOf = (precision: number): number => 1.04 / Math.sqrt(2 ** precision);

/**
 * How many different values a stream holds, in 2^precision bytes; exact up to an eighth as many values, but for collisions of 52-bit hashes.
 * Each register keeps the largest number of leading zeros, plus one, among the hashes that fall to it.
 * Source: Flajolet, Fusy, Gandouet, Meunier 2007, figure 3; estimated without bias over the whole range by Ertl 2017, algorithm 6.
 * RangeError unless 4 ≤ precision ≤ 18 is whole.
 */
export const createDistinctSketch = ({ precision = 12 }: { precision?: number } = {}): DistinctSketch =>
  over(checkPrecision(precision), { hashes: new Set(), registers: null });

/** RangeError for a form that is no distinct sketch. */
export const distinctSketchFrom = (form: DistinctForm | Uint8Array): DistinctSketch => {
  const whole = form instanceof Uint8Array ? read(form) : form;
  return over(whole.precision, check(whole));
};

/** Either the hashes or the registers; the other is null. */
interface State {
  hashes: Set<number> | null;
  registers: Uint8Array | null;
}

const over = (precision: number, { hashes, registers }: State): DistinctSketch => {
  const add = (value: string | number): void => {
    if (Number.isNaN(value)) throw new RangeError('NaN is no value to count; count missing values apart');
    const [high, low] = hash52(value);
    if (registers !== null) return raise(registers, precision, [high, low]);
    hashes!.add(high * 2 ** 20 + low);
    if (hashes!.size <= limitOf(precision)) return;
    registers = spread(hashes!, precision);
    hashes = null;
  };
  const toJSON = (): DistinctForm => ({
    kind: 'distinct',
    version: 1,
    precision,
    hashes: hashes && [...hashes].sort((a, b) => a - b),
    registers: registers && Array.from(registers, (zeros) => alphabet[zeros]).join(''),
  });
  return {
    add,
    addAll: (values) => {
      for (const value of values) add(value);
    },
    relativeError: () => (registers === null ? 0 : distinctErrorOf(precision)),
    estimate: (confidence = 0.95) => {
      if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies strictly between 0 and 1, not ${confidence}`);
      if (registers === null) {
        const value = hashes!.size;
        return { value, interval: { low: value, high: value, confidence }, method: 'exact count', sizes: [] };
      }
      const value = Math.round(harmonic(registers, precision));
      const half = normalQuantile((1 + confidence) / 2) * distinctErrorOf(precision) * value;
      return { value, interval: { low: Math.max(0, value - half), high: value + half, confidence }, method: 'HyperLogLog', sizes: [] };
    },
    mergedWith: (other) => over(precision, join(stateOf(toJSON()), stateOf(other.toJSON()), [precision, other.toJSON().precision])),
    toJSON,
    toBytes: () => write(precision, { hashes, registers }),
  };
};

const limitOf = (precision: number): number => Math.max(16, 2 ** precision / 8);

/** The leading zeros, plus one, of the bits that follow those that choose the register. */
const raise = (registers: Uint8Array, precision: number, [high, low]: readonly [number, number]): void => {
  const rest = (high << precision) >>> 0;
  const zeros = rest === 0 ? 32 - precision + Math.min(20, Math.clz32(low << 12)) : Math.clz32(rest);
  const at = high >>> (32 - precision);
  if (zeros >= registers[at]!) registers[at] = zeros + 1;
};

const spread = (hashes: Iterable<number>, precision: number, onto = new Uint8Array(2 ** precision)): Uint8Array => {
  for (const hash of hashes) raise(onto, precision, [Math.floor(hash / 2 ** 20), hash % 2 ** 20]);
  return onto;
};

const join = (a: State, b: State, [precision, theirs]: readonly [number, number]): State => {
  if (precision !== theirs) throw new RangeError(`Sketches of precisions ${precision} and ${theirs} do not merge; use one precision`);
  if (a.hashes && b.hashes) {
    const hashes = new Set([...a.hashes, ...b.hashes]);
    return hashes.size <= limitOf(precision) ? { hashes, registers: null } : { hashes: null, registers: spread(hashes, precision) };
  }
  const [one, other] = [a, b].map(({ hashes, registers }) => registers ?? spread(hashes!, precision));
  return { hashes: null, registers: one!.map((zeros, i) => Math.max(zeros, other![i]!)) };
};

/** Ertl's estimate: α m² over a harmonic sum in which empty and full registers count by σ and τ. */
const harmonic = (registers: Uint8Array, precision: number): number => {
  const m = registers.length;
  const full = 52 - precision + 1;
  const counts = new Float64Array(full + 1);
  for (const zeros of registers) counts[zeros]!++;
  let z = m * tau(1 - counts[full]! / m);
  for (let k = full - 1; k >= 1; k--) z = 0.5 * (z + counts[k]!);
  return (m * m) / (2 * Math.LN2 * (z + m * sigma(counts[0]! / m)));
};

/** x + Σ x^(2ᵏ) 2^(k-1) over k ≥ 1, for 0 ≤ x < 1. */
const sigma = (x: number): number => {
  let sum = x;
  let power = x;
  for (let before = -1, scale = 1; sum !== before; scale *= 2) {
    before = sum;
    power *= power;
    sum += power * scale;
  }
  return sum;
};

/** (1 - x - Σ (1 - x^(2⁻ᵏ))² 2⁻ᵏ over k ≥ 1) / 3. */
const tau = (x: number): number => {
  if (x === 0 || x === 1) return 0;
  let sum = 1 - x;
  let root = x;
  for (let before = -1, scale = 0.5; sum !== before; scale /= 2) {
    before = sum;
    root = Math.sqrt(root);
    sum -= (1 - root) ** 2 * scale;
  }
  return sum / 3;
};

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const checkPrecision = (precision: number): number => {
  if (Number.isInteger(precision) && precision >= 4 && precision <= 18) return precision;
  throw new RangeError(`The precision of a distinct count is a whole number from 4 to 18, not ${precision}`);
};

const stateOf = ({ hashes, registers }: DistinctForm): State => ({
  hashes: hashes && new Set(hashes),
  registers: registers === null ? null : Uint8Array.from(registers, (character) => alphabet.indexOf(character)),
});

const check = (form: DistinctForm): State => {
  if (form.kind !== 'distinct' || form.version !== 1) throw new RangeError('This is no form of a distinct sketch');
  const precision = checkPrecision(form.precision);
  const state = stateOf(form);
  const isWhole = state.registers
    ? state.hashes === null && isRegisters(state.registers, precision)
    : state.hashes !== null && state.hashes.size <= limitOf(precision) && [...state.hashes].every((hash) => hash >= 0 && hash < 2 ** 52);
  if (!isWhole) throw new RangeError('This form of a distinct sketch was changed; keep what toJSON() gave');
  return state;
};

const isRegisters = (registers: Uint8Array, precision: number): boolean =>
  registers.length === 2 ** precision && registers.every((zeros) => zeros <= 53 - precision);

/** Hashes go as steps from one to the next, which are shorter. */
const write = (precision: number, { hashes, registers }: State): Uint8Array => {
  const to = createByteWriter('distinct');
  to.byte(precision);
  to.byte(registers ? 1 : 0);
  if (registers) to.bytes(registers);
  else {
    to.whole(hashes!.size);
    let before = 0;
    for (const hash of [...hashes!].sort((a, b) => a - b)) {
      to.whole(hash - before);
      before = hash;
    }
  }
  return to.done();
};

const read = (bytes: Uint8Array): DistinctForm => {
  const from = createByteReader('distinct', bytes);
  const precision = checkPrecision(from.byte());
  const isMany = from.byte() === 1;
  const registers = isMany ? Array.from(from.bytes(2 ** precision), (zeros) => alphabet[zeros] ?? '?').join('') : null;
  let hash = 0;
  const hashes = isMany ? null : Array.from({ length: from.whole() }, () => (hash += from.whole()));
  from.done();
  return { kind: 'distinct', version: 1, precision, hashes, registers };
};
