const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);
const few = 1024;
const many = 65_536;
let tabled = new Float64Array();

/** ln k! for whole k from 0 on, fast: from a table, and beyond it from Stirling's series, which has all digits after three terms. */
export const logFactorial = (k: number): number => {
  if (k < tabled.length) return tabled[k]!;
  if (k < many) {
    tabled = tableOf(k < few ? few : many);
    return tabled[k]!;
  }
  const inverse = 1 / k;
  const square = inverse * inverse;
  return (k + 0.5) * Math.log(k) - k + halfLogTwoPi + inverse * (1 / 12 - square * (1 / 360 - square / 1260));
};

const tableOf = (length: number): Float64Array<ArrayBuffer> => {
  const table = new Float64Array(length);
  for (let k = 2; k < length; k++) table[k] = table[k - 1]! + Math.log(k);
  return table;
};
