import type { OnnxModel, Shape } from '../onnx/model.ts';

/** y = x + w, with w = 0, 1, 2 …: as small as a model with weights can be. `shape` is that of x and y; its last size that of w. */
export const anAddition = (shape: Shape): OnnxModel => {
  const width = Number(shape.at(-1));
  return {
    irVersion: 9,
    opsets: { '': 20 },
    producer: { name: 'boucle', version: '1' },
    graph: {
      name: 'addition',
      nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
      inputs: [{ name: 'x', type: 'float32', shape }],
      outputs: [{ name: 'y', type: 'float32', shape }],
      initializers: new Map([['w', { type: 'float32', shape: [width], data: Float32Array.from({ length: width }, (_, i) => i) }]]),
    },
  };
};
