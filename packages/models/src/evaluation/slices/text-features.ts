import { tokenise } from '../../text/scan-words.ts';
import { binned, type Feature, valued } from './feature.ts';

/** Words that turn a sentence round, in English. */
const negations = new Set(
  'no not nor never none nobody nothing nowhere neither cannot cant without hardly barely scarcely isn aren wasn weren don doesn didn won wouldn shouldn couldn haven hasn hadn ain'.split(
    ' ',
  ),
);
/** Outward marks of irony: piled up or mixed exclamation, trailing dots, scare quotes, a tag, rolling eyes, praise on a complaint's lips. */
const ironyMarks =
  /!{2,}|[!?]{3,}|\?!|!\?|\.{3,}|…|(?<=\s)["“'‘][\p{L}]+["”'’](?=[\s.,!?]|$)|#(?:sarcasm|sarcastic|irony|not|fail)\b|🙄|\b(?:oh great|yeah right|thanks a lot|way to go|good job|nice job|just great|how nice)\b/iu;
const shouted = /\b\p{Lu}{4,}\b/u;
/** A word is rare that no more than this many of the texts hold, two of ten thousand. */
const rareIn = (texts: number): number => Math.max(1, Math.round(texts / 5000));

/** What makes texts hard in ways that can be counted: length, negation, rare words, marks of irony, questions, capitals. */
export const textFeatures = (column: string, texts: readonly string[]): Feature[] => {
  const words = texts.map(tokenise);
  const held = new Map<string, number>();
  for (const of of words) for (const word of new Set(of)) held.set(word, (held.get(word) ?? 0) + 1);
  const most = rareIn(texts.length);
  const rare = words.map((of) => of.filter((word) => held.get(word)! <= most).length);
  const flagged = (flags: readonly boolean[], yes: string, no: string): Feature =>
    valued(
      column,
      flags.map((flag) => (flag ? yes : no)),
    );
  return [
    binned(
      column,
      words.map((of) => of.length),
      { unit: ' words' },
    ),
    binned(column, rare, { bins: 3, unit: ' rare words' }),
    flagged(
      words.map((of) => of.some((word) => negations.has(word))),
      'with negation',
      'without negation',
    ),
    flagged(
      texts.map((text) => ironyMarks.test(text)),
      'with marks of irony',
      'without marks of irony',
    ),
    flagged(
      texts.map((text) => text.includes('?')),
      'with a question',
      'without a question',
    ),
    flagged(
      texts.map((text) => shouted.test(text)),
      'with a word in capitals',
      'without words in capitals',
    ),
  ];
};
