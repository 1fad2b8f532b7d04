import { findField, type SearchField, type SearchFields, type SearchKey, type SearchOperator, type SearchValue } from './fields.ts';
import { badFilter, checkText, limits, type Source, type Token, tokenAt } from './tokens.ts';

/** One comparison: no value for IS [NOT] NULL, several for [NOT] IN, one for the others. */
export interface SearchClause<E extends string = string> extends SearchKey<E> {
  readonly type: 'clause';
  readonly operator: SearchOperator;
  readonly values: readonly SearchValue[];
}
/**
 * A clause is true or false, never unknown: whatever has no such key fails each clause but IS NULL, `!=` and NOT IN as well.
 * `not` turns its part about, so NOT finds what has no such key.
 */
export type SearchFilter<E extends string = string> =
  | SearchClause<E>
  | { readonly type: 'and' | 'or'; readonly parts: readonly SearchFilter<E>[] }
  | { readonly type: 'not'; readonly part: SearchFilter<E> };

/**
 * Reads a filter as MLflow writes them, and more: OR, NOT, parentheses, IN for all, BETWEEN. Undefined where nothing is asked.
 *
 * @example
 * const fields: SearchFields<'attribute' | 'tag'> = {
 *   bare: 'attribute',
 *   entities: {
 *     attribute: { also: ['attributes', 'attr'], fields: { name: { kind: 'text', operators: searchOperators.text } } },
 *     tag: { also: ['tags'], any: { kind: 'text', operators: searchOperators.text } },
 *   },
 * };
 * parseFilter("name LIKE 'fraud%' AND tags.`team name` = 'risk'", fields);
 * // { type: 'and', parts: [
 * //   { type: 'clause', entity: 'attribute', key: 'name', operator: 'LIKE', values: ['fraud%'] },
 * //   { type: 'clause', entity: 'tag', key: 'team name', operator: '=', values: ['risk'] } ] }
 */
export const parseFilter = <E extends string>(text: string, fields: SearchFields<E>): SearchFilter<E> | undefined => {
  const source: Source = { text, is: 'filter' };
  if (text.trim() === '') return undefined;
  if (text.length > limits.length) throw badFilter(source, limits.length, `no more than ${limits.length} characters`);
  checkText(source);
  return new Parser(source, fields).whole();
};

const comparisons = new Set<string>(['=', '!=', '<', '<=', '>', '>=', 'LIKE', 'ILIKE', 'RLIKE']);
const numeral = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

class Parser<E extends string> {
  readonly #source: Source;
  readonly #fields: SearchFields<E>;
  #at = 0;
  #depth = 0;
  #clauses = 0;
  #values = 0;

  constructor(source: Source, fields: SearchFields<E>) {
    this.#source = source;
    this.#fields = fields;
  }

  whole(): SearchFilter<E> {
    const filter = this.#some('or');
    const rest = this.#peek();
    if (rest.kind !== 'end') throw this.#bad(rest, 'AND, OR or the end');
    return filter;
  }

  #some(type: 'and' | 'or'): SearchFilter<E> {
    const parts: SearchFilter<E>[] = [];
    do parts.push(type === 'or' ? this.#some('and') : this.#one());
    while (this.#took(type.toUpperCase()));
    return parts.length === 1 ? parts[0]! : { type, parts };
  }

  #one(): SearchFilter<E> {
    const isNot = this.#took('NOT');
    const opens = this.#peek();
    if (!isNot && opens.text !== '(') return this.#clause();
    // The caller's text must not decide how deep our own calls go.
    if (++this.#depth > limits.depth) throw this.#bad(opens, `no more than ${limits.depth} NOTs and parentheses inside each other`);
    const part = isNot ? this.#one() : this.#inParentheses();
    this.#depth--;
    return isNot ? { type: 'not', part } : part;
  }

  #inParentheses(): SearchFilter<E> {
    this.#take('(');
    const part = this.#some('or');
    this.#take(')', 'AND, OR or )');
    return part;
  }

  #clause(): SearchFilter<E> {
    const token = this.#next();
    if (token.kind !== 'word' && token.kind !== 'name') throw this.#bad(token, 'a name such as metrics.accuracy');
    if (++this.#clauses > limits.clauses) throw this.#bad(token, `no more than ${limits.clauses} comparisons`);
    const found = findField(this.#fields, nameOf(token));
    if ('known' in found) throw this.#bad(token, `one of ${found.known.join(', ')}`);
    const { at, field } = found;
    const clause = (operator: SearchOperator, values: readonly SearchValue[] = []): SearchFilter<E> => ({
      type: 'clause',
      ...at,
      operator,
      values,
    });
    const operator = this.#operator(field);
    switch (operator) {
      case 'IS NULL':
      case 'IS NOT NULL':
        return clause(operator);
      case 'IN':
      case 'NOT IN':
        return clause(operator, this.#list(field));
      case 'BETWEEN': {
        const least = clause('>=', [this.#value(field)]);
        this.#take('AND');
        return { type: 'and', parts: [least, clause('<=', [this.#value(field)])] };
      }
      default:
        return clause(operator, [this.#value(field)]);
    }
  }

  #operator({ operators }: SearchField): SearchOperator | 'BETWEEN' {
    const first = this.#next();
    const word = first.text.toUpperCase();
    const operator = ((): SearchOperator | 'BETWEEN' | undefined => {
      if (first.kind === 'name') return undefined;
      if (comparisons.has(word)) return word as SearchOperator;
      if (word === 'IN') return 'IN';
      if (word === 'BETWEEN') return 'BETWEEN';
      if (word === 'NOT') return this.#took('IN') ? 'NOT IN' : undefined;
      if (word !== 'IS') return undefined;
      const isNot = this.#took('NOT');
      this.#take('NULL');
      return isNot ? 'IS NOT NULL' : 'IS NULL';
    })();
    const isTaken =
      operator === 'BETWEEN' ? operators.includes('>=') && operators.includes('<=') : operator && operators.includes(operator);
    if (operator === undefined || !isTaken) throw this.#bad(first, `one of ${operators.join(' ')}`);
    return operator;
  }

  #list(field: SearchField): SearchValue[] {
    this.#take('(');
    const values: SearchValue[] = [];
    do values.push(this.#value(field));
    while (this.#took(','));
    this.#take(')', ', or )');
    return values;
  }

  #value({ kind, read = (value) => value }: SearchField): SearchValue {
    const token = this.#next('value');
    if (++this.#values > limits.values) throw this.#bad(token, `no more than ${limits.values} values`);
    if (token.kind === 'text' && kind !== 'number') {
      if (token.text.length > limits.value) throw this.#bad(token, `a value of no more than ${limits.value} characters`);
      if (kind === 'text' || kind === 'name') return read(token.text);
      const time = Date.parse(token.text);
      if (!Number.isNaN(time)) return read(time);
    }
    if (token.kind === 'word' && kind !== 'text' && numeral.test(token.text)) {
      const number = Number(token.text);
      if (Number.isFinite(number)) return read(number);
    }
    throw this.#bad(
      token,
      {
        text: 'a text in quotes',
        name: 'a name in quotes, or its number',
        number: 'a number',
        time: 'a time: epoch milliseconds, or ISO 8601 in quotes',
      }[kind],
    );
  }

  #peek(): Token {
    return tokenAt(this.#source, this.#at, 'name');
  }
  #next(wants: 'name' | 'value' = 'name'): Token {
    const token = tokenAt(this.#source, this.#at, wants);
    this.#at = token.to;
    return token;
  }
  #took(word: string): boolean {
    const token = tokenAt(this.#source, this.#at, 'value');
    const isIt = (token.kind === 'word' || token.kind === 'sign') && token.text.toUpperCase() === word;
    if (isIt) this.#at = token.to;
    return isIt;
  }
  #take(word: string, expected = word): void {
    if (!this.#took(word)) throw this.#bad(tokenAt(this.#source, this.#at, 'value'), expected);
  }
  #bad({ from }: Token, expected: string) {
    return badFilter(this.#source, from, expected);
  }
}

/** The first dot outside of quotes ends the entity. */
export const nameOf = ({ text, dot }: Token): { readonly entity: string | undefined; readonly key: string } =>
  dot === undefined ? { entity: undefined, key: text } : { entity: text.slice(0, dot), key: text.slice(dot + 1) };
