import { findField, type SearchFields, type SearchKey } from './fields.ts';
import { nameOf } from './filter.ts';
import { badFilter, checkText, limits, type Source, tokenAt } from './tokens.ts';

export interface SearchOrder<E extends string = string> extends SearchKey<E> {
  readonly direction: 'asc' | 'desc';
}

/** Reads `metrics.accuracy DESC` and the like; ascending where nothing is said. */
export const parseOrder = <E extends string>(items: readonly string[], fields: SearchFields<E>): SearchOrder<E>[] => {
  const orders: SearchOrder<E>[] = [];
  for (const text of items) {
    const item: Source = { text, is: 'order' };
    const bad = (position: number, expected: string) => badFilter(item, position, expected);
    if (orders.length === limits.order) throw bad(0, `no more than ${limits.order} orders`);
    if (text.length > 1000) throw bad(1000, 'no more than 1000 characters');
    checkText(item);
    const order = orderOf(item, fields);
    if (orders.some(({ entity, key }) => entity === order.entity && key === order.key)) throw bad(0, 'each name once');
    orders.push(order);
  }
  return orders;
};

const orderOf = <E extends string>(item: Source, fields: SearchFields<E>): SearchOrder<E> => {
  const bad = (position: number, expected: string) => badFilter(item, position, expected);
  const name = tokenAt(item, 0, 'name');
  if (name.kind !== 'word' && name.kind !== 'name') throw bad(name.from, 'a name such as metrics.accuracy');
  const found = findField(fields, nameOf(name));
  if ('known' in found) throw bad(name.from, `one of ${found.known.join(', ')}`);
  if (fields.entities[found.at.entity].isUnordered) throw bad(name.from, 'something that one thing has one of');
  const direction = tokenAt(item, name.to, 'name');
  if (direction.kind === 'end') return { ...found.at, direction: 'asc' };
  const word = direction.text.toLowerCase();
  if (direction.kind !== 'word' || (word !== 'asc' && word !== 'desc')) throw bad(direction.from, 'ASC or DESC');
  const end = tokenAt(item, direction.to, 'name');
  if (end.kind !== 'end') throw bad(end.from, 'nothing more');
  return { ...found.at, direction: word };
};
