/** Spreads 32 bits so that each depends on all: the finaliser of MurmurHash3 (Appleby 2011). */
export const mix32 = (value: number): number => {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));
const float = new DataView(new ArrayBuffer(8));

/**
 * 32 + 20 bits of a value, the same on every machine and in every version: sketches that are merged must agree on them.
 * Two lanes of MurmurHash3's 32-bit rounds with constants of their own, over UTF-16 units or over the bits of a double;
 * a number and the text that looks like it differ. Not for secrets: whoever knows the function can make values collide.
 */
export const hash52 = (value: string | number): readonly [high32: number, low20: number] => {
  let a = typeof value === 'string' ? 0x2f0b4c47 : 0x6a09e667;
  let b = typeof value === 'string' ? 0x3c6ef372 : 0x510e527f;
  const take = (block: number): void => {
    a = Math.imul(rotate(a ^ Math.imul(rotate(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593), 13), 5) + 0xe6546b64;
    b = Math.imul(rotate(b ^ Math.imul(rotate(Math.imul(block, 0x9e3779b1), 16), 0x85ebca77), 11), 9) + 0x38495ab5;
  };
  let length = 2;
  if (typeof value === 'string') {
    length = value.length;
    for (let i = 0; i < length; i += 2) take(value.charCodeAt(i) | (i + 1 < length ? value.charCodeAt(i + 1) << 16 : 0));
  } else {
    // Adding nothing makes the negative zero a zero.
    float.setFloat64(0, value + 0);
    take(float.getInt32(0));
    take(float.getInt32(4));
  }
  const high = mix32(a ^ length);
  return [high, mix32(b ^ high) & 0xfffff];
};
