import type { Route } from '@boucle/contract';
import fc from 'fast-check';
import { type Given, requestOf, type Sent } from '../send.ts';
import { project } from '../stage.ts';
import { edited, type Edit, edits } from './edits.ts';
import { valuesOf } from './from-schema.ts';
import { jsonTextOf } from './hostile.ts';
import { type Twist, twists } from './transport.ts';

/** What a request is made of: an input that is proper or that the schemas take, what is changed in it, and what happens to it on its way. */
export interface Attempt {
  readonly made: Given | undefined;
  readonly changes: { readonly params: readonly Edit[]; readonly query: readonly Edit[]; readonly body: readonly Edit[] };
  readonly twist: Twist;
}

/** Most parts stay as they are, so that many requests come further than the door. */
const seldom = fc.oneof({ weight: 3, arbitrary: fc.constant<readonly Edit[]>([]) }, { weight: 1, arbitrary: edits });
const often = fc.oneof({ weight: 1, arbitrary: fc.constant<readonly Edit[]>([]) }, { weight: 2, arbitrary: edits });

export const attemptsAt = (route: Route): fc.Arbitrary<Attempt> => {
  const { params, query } = route;
  const body = route.kind === 'json' ? route.body : undefined;
  const made = fc.record({
    ...(params && { params: valuesOf(params) }),
    ...(query && { query: valuesOf(query) }),
    ...(body && { body: valuesOf(body) }),
  }) as fc.Arbitrary<Given>;
  return fc.record({
    made: fc.option(made, { nil: undefined, freq: 1 }),
    changes: fc.record({ params: seldom, query: body || route.kind === 'upload' ? seldom : often, body: often }),
    twist: twists,
  });
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const recordOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

/** The request before its twist. */
export const sentFor = (route: Route, proper: Given, { made, changes }: Attempt): Sent => {
  const { params, query, body, data } = made ? { ...proper, ...made, params: { ...made.params, project } } : proper;
  const sent = requestOf(route, {
    params: recordOf(edited(params, changes.params)),
    query: recordOf(edited(query, changes.query)),
    ...(data !== undefined && { data: textOf(edited(data, changes.body)) }),
  });
  if (body === undefined) return sent;
  return { ...sent, headers: { 'content-type': 'application/json' }, body: jsonTextOf(edited(body, changes.body)) };
};
const textOf = (value: unknown): string => (typeof value === 'string' ? value : jsonTextOf(value));
