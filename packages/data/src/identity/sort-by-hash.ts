import type { HashList } from './hash-list.ts';

const heaps = 1 << 16;

/**
 * Positions in the order of their hashes, and ties in the order of other hashes. They are dealt out by the first 16 bits, which SHA-256 fills evenly,
 * so that each heap to be sorted is small.
 */
export const sortByHash = (list: HashList, ties: HashList): Uint32Array => {
  const heapOf = (position: number): number => list.prefix(position) >>> 16;
  // Where the heap begins; the next place in it while they are dealt out, and thus its end afterwards.
  const places = new Uint32Array(heaps + 1);
  for (let i = 0; i < list.length; i++) places[heapOf(i) + 1] = (places[heapOf(i) + 1] ?? 0) + 1;
  for (let heap = 0; heap < heaps; heap++) places[heap + 1] = (places[heap + 1] ?? 0) + (places[heap] ?? 0);
  const order = new Uint32Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const place = places[heapOf(i)] ?? 0;
    order[place] = i;
    places[heapOf(i)] = place + 1;
  }
  for (let heap = 0, from = 0; heap < heaps; heap++) {
    const to = places[heap] ?? 0;
    if (to - from > 1) order.subarray(from, to).sort((a, b) => list.compare(a, b) || ties.compare(a, b));
    from = to;
  }
  return order;
};
