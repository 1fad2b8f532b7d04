/** The classifier of three classes that the Python side of our comparisons has too: PyTorch's [3, width], in our layout [width, 3]. */
export const classifierBySines = (width: number): Map<string, Float32Array> => {
  const weight = new Float32Array(3 * width);
  for (let i = 0; i < weight.length; i++) weight[(i % width) * 3 + Math.floor(i / width)] = 0.1 * Math.sin(12.9898 * (i + 1));
  return new Map([
    ['classifier.weight', weight],
    ['classifier.bias', Float32Array.of(0.1, -0.2, 0.3)],
  ]);
};
