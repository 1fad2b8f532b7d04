import type { Call } from './call.ts';
import { type Difference, differenceOf } from './compare.ts';
import { type Explanation, explanations } from './explained.ts';
import { sideOf } from './side.ts';

export interface Servers {
  readonly ours: string;
  readonly theirs: string;
}
export interface Replayed {
  readonly calls: number;
  readonly difference?: Difference;
  readonly explained: readonly Explanation[];
}

let sequences = 0;
const nonce = Date.now().toString(36);

/** Says the calls to both servers, until a difference that nothing explains. */
export const replay = async ({ ours, theirs }: Servers, sequence: readonly Call[]): Promise<Replayed> => {
  const prefix = `q${nonce}x${sequences++}z`;
  const sides = [sideOf(ours, prefix), sideOf(theirs, prefix)] as const;
  const explained: Explanation[] = [];
  for (const [i, call] of sequence.entries()) {
    const [mine, peers] = await Promise.all([sides[0].ask(call), sides[1].ask(call)]);
    const difference = differenceOf(call, mine, peers);
    if (!difference) continue;
    const explanation = explanations.find(({ holds }) => holds(difference, sequence.slice(0, i)));
    if (!explanation) return { calls: i + 1, difference, explained };
    explained.push(explanation);
    // What one of them did, and the other refused, parts them too.
    const isDone = mine.status >= 300 !== peers.status >= 300 && call.method !== 'GET' && call.pages === undefined;
    if (isDone || explanation.parts) return { calls: i + 1, explained };
  }
  return { calls: sequence.length, explained };
};

/** Drops what is not needed for a difference of the same kind, from the end to the beginning. */
export const shrink = async (
  sequence: readonly Call[],
  isSame: (shorter: readonly Call[]) => Promise<boolean>,
): Promise<readonly Call[]> => {
  let kept = sequence;
  for (let size = Math.max(1, kept.length >> 1); ; size = Math.max(1, size >> 1)) {
    for (let end = kept.length - 1; end > 0; end -= size) {
      const shorter = [...kept.slice(0, Math.max(0, end - size)), ...kept.slice(end)];
      if (shorter.length < kept.length && (await isSame(shorter))) kept = shorter;
    }
    if (size === 1) return kept;
  }
};
