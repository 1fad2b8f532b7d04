/** Numbers pairs of whole numbers 0, 1, 2 … in the order of their coming. Both numbers are compared: the table is exact, whatever the hash does. */
export const createPairTable = () => {
  let size = 0;
  let firsts = new Int32Array(1 << 8);
  let seconds = new Int32Array(1 << 8);
  let slots = new Int32Array(1 << 9).fill(-1);

  const slotOf = (first: number, second: number): number => {
    const mask = slots.length - 1;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
    let slot = (hash ^ (hash >>> 16)) & mask;
    for (let id = slots[slot]!; id !== -1 && (firsts[id] !== first || seconds[id] !== second); id = slots[slot]!) slot = (slot + 1) & mask;
    return slot;
  };

  const grow = (): void => {
    const [oldFirsts, oldSeconds] = [firsts, seconds];
    firsts = new Int32Array(size * 2);
    seconds = new Int32Array(size * 2);
    firsts.set(oldFirsts);
    seconds.set(oldSeconds);
    slots = new Int32Array(size * 4).fill(-1);
    for (let id = 0; id < size; id++) slots[slotOf(firsts[id]!, seconds[id]!)] = id;
  };

  return {
    get size() {
      return size;
    },
    /** The pair's number, or -1. */
    find: (first: number, second: number): number => slots[slotOf(first, second)]!,
    /** The pair's number, a new one if need be. */
    add: (first: number, second: number): number => {
      if (size === firsts.length) grow();
      const slot = slotOf(first, second);
      const held = slots[slot]!;
      if (held !== -1) return held;
      firsts[size] = first;
      seconds[size] = second;
      slots[slot] = size;
      return size++;
    },
    first: (id: number): number => firsts[id]!,
    second: (id: number): number => seconds[id]!,
  };
};
