/** Whole numbers of 32 bits, one after another, as many as come. */
export const createIntList = () => {
  let numbers = new Int32Array(1 << 12);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push: (number: number): void => {
      if (length === numbers.length) {
        const larger = new Int32Array(length * 2);
        larger.set(numbers);
        numbers = larger;
      }
      numbers[length++] = number;
    },
    /** A view of what is there, of as long as nothing is pushed. */
    view: (): Int32Array => numbers.subarray(0, length),
  };
};
export type IntList = ReturnType<typeof createIntList>;
