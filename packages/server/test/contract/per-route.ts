import { api, type Route, walkRoutes } from '@boucle/contract';

export const routes: readonly (readonly [name: string, route: Route])[] = [...walkRoutes(api)];

/** What a table that is shaped like the contract holds for a route of this dotted name. */
export const entryOf = <T>(table: object, name: string): T =>
  name.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], table) as T;
export const routeCalled = (name: string): Route => Object.fromEntries(routes)[name]!;
