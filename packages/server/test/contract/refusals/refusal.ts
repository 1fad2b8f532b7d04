import type { api, Route } from '@boucle/contract';

/** A call that is refused, and the reason that is given where the code alone says too little; the code is where it stands in the table. */
export type Refusal = readonly [reason: string | undefined, call: () => Promise<unknown>];

/** For each route a call for each error that it declares: neither less nor more, says the compiler. */
export type Refusals<T = typeof api> = {
  readonly [K in keyof T]: T[K] extends Route ? { readonly [Code in T[K]['errors'][number]]: Refusal } : Refusals<T[K]>;
};
/** Those of some areas of the contract. */
export type RefusalsOf<Area extends keyof typeof api> = Refusals<Pick<typeof api, Area>>;

/** Well-formed, and nobody's. */
export const absent = 'f'.repeat(32);
export const badCursor = { cursor: 'not-a-cursor' };
