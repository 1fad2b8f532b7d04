/** bfloat16 is the upper half of a float32. */
export const bfloat16ToFloat32 = (bits: Uint16Array, into: Float32Array): void => {
  const words = new Uint32Array(into.buffer, into.byteOffset, into.length);
  for (let i = 0; i < bits.length; i++) words[i] = bits[i]! << 16;
};

/** IEEE 754 binary16: 1 bit of sign, 5 of exponent (bias 15), 10 of fraction. */
export const float16ToFloat32 = (bits: Uint16Array, into: Float32Array): void => {
  for (let i = 0; i < bits.length; i++) into[i] = valueOf(bits[i]!);
};

const valueOf = (half: number): number => {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
};
