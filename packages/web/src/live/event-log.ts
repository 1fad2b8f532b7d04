import type { BoucleEvent } from '@boucle/contract';

/** More than any story holds; an open page must not grow for ever. */
const limit = 5000;

/** Both lists as one, in commit order: what came twice, by the stream and by asking, stands once. */
export const withEvents = (log: readonly BoucleEvent[], incoming: readonly BoucleEvent[]): readonly BoucleEvent[] => {
  const last = log.at(-1)?.seq ?? -1;
  const isTail = incoming.every(({ seq }, index) => seq > (incoming[index - 1]?.seq ?? last));
  const merged = isTail ? [...log, ...incoming] : sorted([...log, ...incoming]);
  return merged.length > limit ? merged.slice(-limit) : merged;
};

const sorted = (events: readonly BoucleEvent[]): BoucleEvent[] =>
  [...new Map(events.map((event) => [event.seq, event])).values()].sort((a, b) => a.seq - b.seq);
