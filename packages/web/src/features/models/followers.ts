import { type DeclaredEndpoint, type Endpoint, parseModelReference } from '@boucle/contract';

/** An endpoint that goes by an alias whenever something is deployed there, and what of the model answers meanwhile. */
export interface Follower {
  readonly endpoint: string;
  readonly answers: readonly number[];
}
/** Where models answer, and where they are meant to. */
export interface AliasPlaces {
  readonly endpoints: readonly Endpoint[];
  readonly declared: readonly DeclaredEndpoint[];
}

/** Declared to follow it, or deployed by it last. */
export const followersOf = ({ model, alias }: { model: string; alias: string }, { endpoints, declared }: AliasPlaces): Follower[] => {
  const means = (reference: string): boolean =>
    reference.split(', ').some((part) => {
      const named = parseModelReference(part);
      return named?.model === model && 'alias' in named && named.alias === alias;
    });
  const names = new Set([
    ...declared.filter((one) => means(one.model)).map(({ name }) => name),
    ...endpoints.filter(({ deployment }) => deployment !== null && means(deployment.reference)).map(({ name }) => name),
  ]);
  return [...names].sort().map((endpoint) => ({ endpoint, answers: answering(endpoints, endpoint, model) }));
};

const answering = (endpoints: readonly Endpoint[], name: string, model: string): number[] => {
  const variants = endpoints.find((one) => one.name === name)?.deployment?.variants ?? [];
  return variants.flatMap((variant) => (variant.mode === 'live' && variant.model === model ? [variant.version] : []));
};

/** Where a model, or one version of it, is deployed, and with which share. */
export const placesOf = (endpoints: readonly Endpoint[], { model, number }: { model: string; number?: number }) =>
  endpoints.flatMap(({ name, environment, deployment }) =>
    (deployment?.variants ?? [])
      .filter((variant) => variant.model === model && (number === undefined || variant.version === number))
      .map(({ version, share, mode }) => ({ endpoint: name, environment, version, share, mode })),
  );
export type Place = ReturnType<typeof placesOf>[number];
