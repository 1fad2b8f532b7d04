import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLbfgs } from './lbfgs.ts';

test('the valley of Rosenbrock is followed to its lowest point', () => {
  const point = Float64Array.of(-1.2, 1);
  const search = createLbfgs(point, ([x, y], gradient) => {
    gradient[0] = -400 * x! * (y! - x! * x!) - 2 * (1 - x!);
    gradient[1] = 200 * (y! - x! * x!);
    return 100 * (y! - x! * x!) ** 2 + (1 - x!) ** 2;
  });
  let steps = 0;
  while (search.slope() > 1e-10 && steps++ < 200) search.iterate();
  assert.ok(steps < 60, `${steps} steps`);
  assert.ok(Math.abs(point[0]! - 1) < 1e-8 && Math.abs(point[1]! - 1) < 1e-8, point.join(' '));
  assert.ok(search.value() < 1e-16);
});

test('at the lowest point there is no step downhill', () => {
  const search = createLbfgs(Float64Array.of(0, 0), (point, gradient) => {
    gradient.set(point);
    return (point[0]! ** 2 + point[1]! ** 2) / 2;
  });
  assert.equal(search.slope(), 0);
  assert.equal(search.iterate(), false);
});
