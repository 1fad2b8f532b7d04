import type { ErrorCode } from './errors.ts';
import type { Route } from './route.ts';

/** What every route can answer, whatever it does. */
export const everywhere: readonly ErrorCode[] = ['unauthenticated', 'permission_denied', 'internal'];

/** What a route can answer by its shape; what it declares besides is what its own work refuses. */
export const impliedErrors = (route: Route): readonly ErrorCode[] => {
  const hasInput = route.params !== undefined || route.query !== undefined || (route.kind === 'json' && route.body !== undefined);
  return [
    ...(hasInput ? (['invalid_request'] as const) : []),
    ...(route.params && 'project' in route.params.properties ? (['not_found'] as const) : []),
    ...(route.kind === 'json' && route.method !== 'GET' ? (['too_large'] as const) : []),
    ...everywhere,
  ];
};

/** Every code that a route can answer with. */
export const errorsOf = (route: Route): readonly ErrorCode[] => [...new Set([...route.errors, ...impliedErrors(route)])];
