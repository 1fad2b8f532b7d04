import { scanWords } from '../text/scan-words.ts';
import type { Vocabulary } from '../text/vocabulary.ts';
import { originOfLower, type Span } from './words.ts';

/** Where terms stand in a text: every place of each, as the vocabulary counts them. */
export const placesOfTerms = ({ kind: { analyzer } }: Pick<Vocabulary, 'kind'>, text: string): ((term: string) => Span[]) =>
  analyzer === 'word' ? placesOfWords(text) : placesOfCharacters(text, analyzer);

const placesOfWords = (text: string): ((term: string) => Span[]) => {
  const origin = originOfLower(text);
  const words: { readonly text: string; readonly span: Span }[] = [];
  scanWords(text, ({ text: lower, start, end }) => words.push({ text: lower.slice(start, end), span: [origin[start]!, origin[end]!] }));
  const places = Map.groupBy(words.keys(), (i) => words[i]!.text);
  return (term) => {
    const parts = term.split(' ');
    return (places.get(parts[0]!) ?? []).flatMap((first): Span[] =>
      parts.every((part, k) => words[first + k]?.text === part) ? [[words[first]!.span[0], words[first + parts.length - 1]!.span[1]]] : [],
    );
  };
};

/** The text as characters are read of it, and where each comes from: white space as one blank; within words, one before and after each. */
const placesOfCharacters = (text: string, analyzer: 'char' | 'char_wb'): ((term: string) => Span[]) => {
  const origin = originOfLower(text);
  const lower = text.toLowerCase().toWellFormed();
  let read = '';
  const from: number[] = [];
  const to: number[] = [];
  const put = (characters: string, start: number, end: number): void => {
    read += characters;
    for (let i = 0; i < characters.length; i++) {
      from.push(origin[start]!);
      to.push(origin[end]!);
    }
  };
  for (const { 0: stretch, index } of lower.matchAll(/\s+|\S+/gu)) {
    const end = index + stretch.length;
    const isBlank = /^\s/u.test(stretch);
    if (isBlank && analyzer === 'char') put(stretch.length === 1 ? stretch : ' ', index, end);
    if (isBlank) continue;
    if (analyzer === 'char_wb') put(' ', index, index);
    for (let at = index; at < end; at++) put(lower[at]!, at, at + 1);
    // Two blanks that are not both of one word meet between words; what stands between them keeps terms from reaching across.
    if (analyzer === 'char_wb') put(' \n', end, end);
  }
  return (term) => {
    const spans: Span[] = [];
    for (let at = read.indexOf(term); at >= 0; at = read.indexOf(term, at + 1)) spans.push([from[at]!, to[at + term.length - 1]!]);
    return spans;
  };
};
