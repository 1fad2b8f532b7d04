import { add, div, elementwise, mul, sqrt, sub } from './elementwise.ts';

/**
 * `adam(w, g, m, v, count, scale, l2, shrink, beta1, rest1, beta2, rest2, rate, rootCorrection, eps)`, where `rest` is 1 - beta:
 *
 *     grad = scale g + l2 w
 *     m = beta1 m + rest1 grad;  v = beta2 v + rest2 grad²
 *     w = shrink w - rate m / (√v / rootCorrection + eps)
 *
 * Kingma and Ba 2015, algorithm 1, with eps outside the corrected root, as PyTorch has it; AdamW (Loshchilov and Hutter 2019) is `shrink`.
 */
export const adamKernel = elementwise(
  'adam',
  {
    arrays: ['w', 'g', 'm', 'v'],
    numbers: ['scale', 'l2', 'shrink', 'beta1', 'rest1', 'beta2', 'rest2', 'rate', 'rootCorrection', 'eps'],
    temporaries: ['grad', 'mean', 'square'],
  },
  ({ w, g, m, v, scale, l2, shrink, beta1, rest1, beta2, rest2, rate, rootCorrection, eps, grad, mean, square }) => [
    ['grad', add(mul(scale, g), mul(l2, w))],
    ['mean', add(mul(beta1, m), mul(rest1, grad))],
    ['square', add(mul(beta2, v), mul(rest2, mul(grad, grad)))],
    ['m', mean],
    ['v', square],
    ['w', sub(mul(shrink, w), div(mul(rate, mean), add(div(sqrt(square), rootCorrection), eps)))],
  ],
);

/**
 * `sgd(w, g, m, count, scale, l2, momentum, ofGradient, ofVelocity, rate)`:
 *
 *     grad = scale g + l2 w;  m = momentum m + grad;  w = w - rate (ofGradient grad + ofVelocity m)
 *
 * Plain momentum uses the velocity alone (0, 1), Nesterov's both (1, momentum); Sutskever et al. 2013, in PyTorch's form.
 */
export const sgdKernel = elementwise(
  'sgd',
  {
    arrays: ['w', 'g', 'm'],
    numbers: ['scale', 'l2', 'momentum', 'ofGradient', 'ofVelocity', 'rate'],
    temporaries: ['grad', 'velocity'],
  },
  ({ w, g, m, scale, l2, momentum, ofGradient, ofVelocity, rate, grad, velocity }) => [
    ['grad', add(mul(scale, g), mul(l2, w))],
    ['velocity', add(mul(momentum, m), grad)],
    ['m', velocity],
    ['w', sub(w, mul(rate, add(mul(ofGradient, grad), mul(ofVelocity, velocity))))],
  ],
);
