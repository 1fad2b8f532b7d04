import { Transform } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { automatonOf, follow } from './automaton.ts';
import { formsOf } from './forms.ts';

/**
 * Replaces each form of each value by ‹secret:NAME›. `pending` is what a value may have begun with at the end of the text:
 * it belongs before what follows, unless the text `isWhole`.
 */
export type Mask = (text: string, isWhole: boolean) => { text: string; pending: string };

export const createMask = (values: Iterable<readonly [name: string, value: string]>): Mask => {
  const words = [...values].flatMap(([name, value]) => [...formsOf(value)].map((form) => [form, name] as const));
  if (words.length === 0) return (text) => ({ text, pending: '' });
  const start = automatonOf(words);
  return (text, isWhole) => {
    const hits: Hit[] = [];
    let state = start;
    for (let i = 0; i < text.length; i += 1) {
      state = follow(state, text.charCodeAt(i), start);
      if (state.found) addHit(hits, { from: i + 1 - state.found.length, to: i + 1, name: state.found.name });
    }
    let end = isWhole ? text.length : text.length - state.depth;
    for (const { from, to } of hits) if (from < end && end < to) end = from;
    let masked = '';
    let at = 0;
    for (const { from, to, name } of hits) {
      if (to > end) break;
      masked += `${text.slice(at, from)}‹secret:${name}›`;
      at = to;
    }
    return { text: masked + text.slice(at, end), pending: text.slice(end) };
  };
};

interface Hit {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** Overlapping ones become one under the longer's name, so that no end of either shows. */
const addHit = (hits: Hit[], hit: Hit): void => {
  let merged = hit;
  for (let last = hits.at(-1); last && last.to > merged.from; last = hits.at(-1)) {
    hits.pop();
    const { name } = last.to - last.from > merged.to - merged.from ? last : merged;
    merged = { from: Math.min(last.from, merged.from), to: merged.to, name };
  }
  hits.push(merged);
};

/** The same for a stream of UTF-8, wherever its chunks are cut. The mask is asked for each time: values may be added meanwhile. */
export const maskStream = (mask: () => Mask): Transform => {
  const decoder = new StringDecoder('utf8');
  let held = '';
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      const { text, pending } = mask()(held + decoder.write(chunk), false);
      held = pending;
      done(null, text);
    },
    flush: (done) => done(null, mask()(held + decoder.end(), true).text),
  });
};
