/** A function to be minimised, at a point: writes its gradient and returns its value. */
export type Differentiable = (point: Float64Array, gradient: Float64Array) => number;

/** How many steps are remembered. */
const memory = 10;

/**
 * Minimises by limited-memory BFGS, with a line search that asks for a sufficient fall (Armijo) and takes a step's curvature only
 * where it is positive. Sources: Nocedal 1980; Nocedal and Wright 2006, algorithms 7.4 and 7.5.
 */
export const createLbfgs = (point: Float64Array, of: Differentiable) => {
  const size = point.length;
  let gradient = new Float64Array(size);
  let value = of(point, gradient);
  const remembered: { step: Float64Array; change: Float64Array; inverse: number }[] = [];

  const direction = (): Float64Array => {
    const way = gradient.map((slope) => -slope);
    const shares: number[] = [];
    for (const { step, change, inverse } of remembered.toReversed()) {
      const share = inverse * dot(step, way);
      shares.push(share);
      addTo(way, change, -share);
    }
    const latest = remembered.at(-1);
    const scale = latest ? 1 / (latest.inverse * dot(latest.change, latest.change)) : 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)));
    for (let i = 0; i < size; i++) way[i]! *= scale;
    for (const { step, change, inverse } of remembered) addTo(way, step, shares.pop()! - inverse * dot(change, way));
    return way;
  };

  return {
    point,
    value: (): number => value,
    /** The greatest slope along a coordinate. */
    slope: (): number => gradient.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0),
    /** False when no step leads down any more than rounding does: this is as far as doubles go. */
    iterate: (): boolean => {
      const way = direction();
      const descent = dot(gradient, way);
      const next = new Float64Array(size);
      const slopes = new Float64Array(size);
      for (let length = 1; length > 1e-12; length /= 2) {
        for (let i = 0; i < size; i++) next[i] = point[i]! + length * way[i]!;
        const after = of(next, slopes);
        if (!(after <= value + 1e-4 * length * descent)) continue;
        const step = next.map((x, i) => x - point[i]!);
        const change = slopes.map((slope, i) => slope - gradient[i]!);
        const curvature = dot(step, change);
        if (curvature > 1e-10 * dot(change, change)) remembered.push({ step, change, inverse: 1 / curvature });
        if (remembered.length > memory) remembered.shift();
        const gained = value - after;
        point.set(next);
        gradient = slopes;
        value = after;
        return gained > Number.EPSILON * Math.abs(value);
      }
      return false;
    },
  };
};

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

const addTo = (a: Float64Array, b: Float64Array, times: number): void => {
  for (let i = 0; i < a.length; i++) a[i]! += times * b[i]!;
};
