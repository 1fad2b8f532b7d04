import { invalid } from '../errors.ts';

/** A part of the text: `name` may have quoted parts in it, `text` is a value in quotes. */
export interface Token {
  readonly kind: 'word' | 'text' | 'name' | 'sign' | 'end';
  /** What is meant: without quotes. */
  readonly text: string;
  /** Of a name: where its first dot outside of quotes is, in `text`. */
  readonly dot: number | undefined;
  readonly from: number;
}

export const limits = { length: 200_000, value: 10_000, depth: 100, clauses: 200, values: 10_000, order: 10 } as const;

/** A text that is read, and what it is called. */
export interface Source {
  readonly text: string;
  readonly is: 'filter' | 'order';
}

/** The place is said as a number for programs, and shown for people. */
export const badFilter = ({ text, is }: Source, position: number, expected: string) => {
  const before = text.slice(Math.max(0, position - 40), position);
  const after = text.slice(position, position + 40);
  const shown = `${position > 40 ? '…' : ''}${before}▸${after}${text.length > position + 40 ? '…' : ''}`;
  return invalid(`Invalid ${is} at character ${position + 1}, where the ▸ stands: ${shown} — expected ${expected}`, 'bad_filter', {
    position,
  });
};

/** What no database of ours could hold is in nothing that could be found. */
export const checkText = (source: Source): void => {
  const position = source.text.search(/\0|\p{Surrogate}/u);
  if (position !== -1) throw badFilter(source, position, 'whole Unicode without NUL');
};

const plain = /[^\s(),=<>!'"`]+/y;
const blanks = /\s*/y;
const sign = /[<>!]=|[=<>(),]/y;

/** The token at `position`, after blanks. A value in quotes and a quoted key look alike, so the reader says which it wants. */
export const tokenAt = (source: Source, position: number, wants: 'name' | 'value'): Token & { readonly to: number } => {
  const { text: all } = source;
  const from = match(blanks, all, position)!;
  const whole = (kind: Token['kind'], to: number) => ({ kind, text: all.slice(from, to), dot: undefined, from, to });
  if (from === all.length) return whole('end', from);
  const signTo = match(sign, all, from);
  if (signTo !== undefined) return whole('sign', signTo);
  if (wants === 'value') {
    const quoted = quotedAt(source, from);
    if (quoted && all[from] !== '`') return { ...whole('text', quoted.to), text: quoted.text };
  }
  let to = from;
  let text = '';
  let dot: number | undefined;
  let isQuoted = false;
  for (;;) {
    const plainTo = match(plain, all, to);
    if (plainTo !== undefined) {
      const piece = all.slice(to, plainTo);
      if (dot === undefined && piece.includes('.')) dot = text.length + piece.indexOf('.');
      text += piece;
      to = plainTo;
    }
    const quoted = all[to] === "'" ? undefined : quotedAt(source, to);
    if (!quoted) break;
    text += quoted.text;
    to = quoted.to;
    isQuoted = true;
  }
  if (to === from) throw badFilter(source, from, wants === 'name' ? 'a name' : 'a value');
  return { ...whole(isQuoted ? 'name' : 'word', to), text, dot };
};

const match = (pattern: RegExp, text: string, at: number): number | undefined => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
};

/** A quote is doubled to stand inside. */
const quotedAt = (source: Source, from: number): { readonly text: string; readonly to: number } | undefined => {
  const { text: all } = source;
  const quote = all[from];
  if (quote !== "'" && quote !== '"' && quote !== '`') return undefined;
  let text = '';
  for (let at = from + 1; ;) {
    const end = all.indexOf(quote, at);
    if (end === -1) throw badFilter(source, from, `a closing ${quote} for this one`);
    text += all.slice(at, end);
    at = end + 1;
    if (all[at] !== quote) return { text, to: at };
    text += quote;
    at++;
  }
};
