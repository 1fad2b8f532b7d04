import { AppError, type Deployment, type TreeDigest, type Variant } from '@boucle/contract';
import { assign, shadowsOf } from './assign.ts';
import type { ModelFacts } from './inference-host.ts';
import type { Lease } from './model-pool.ts';
import type { ServedModel } from './served-model.ts';

export interface Route {
  readonly variant: Variant;
  readonly model: ServedModel;
}
/** Who answers whom: the variants of a deployment with their models, which stay until nobody holds the table any more. */
export interface Routing {
  readonly deployment: Deployment;
  readonly routes: readonly Route[];
  /** What all variants read alike. */
  readonly facts: ModelFacts;
  /** The one live variant, where there is just one. */
  readonly only: Route | undefined;
  /** The live variant that answers a unit. */
  routeOf(unit: string): Route;
  /** Of the live variants. */
  readonly versions: readonly string[];
  /** The live variant of a version, for callers who insist. */
  ofVersion(version: string): Route | undefined;
  /** Those that see a unit without answering it. */
  shadowsOf(unit: string): Route[];
  /** Leases of the same models, if all of these are among them. */
  share(digests: readonly string[]): Leases | undefined;
  hold(): () => void;
  /** Lets the models go once nobody holds the table; resolves then. */
  retire(): Promise<void>;
}
export type Leases = ReadonlyMap<TreeDigest, Lease>;

/** Of variants whose model could not be loaded, live ones refuse their units, and shadows see nothing; one live one is there. */
export const createRouting = (deployment: Deployment, leases: Leases): Routing => {
  const { salt, variants } = deployment;
  const modelOf = ({ digest }: Variant): ServedModel | undefined => leases.get(digest as TreeDigest)?.model;
  const { facts } = variants.filter(({ mode }) => mode === 'live').flatMap((variant) => modelOf(variant) ?? [])[0]!;
  const routes = variants.map((variant): Route => ({ variant, model: modelOf(variant) ?? missingModel(facts, variant) }));
  const routeOf = (variant: Variant): Route => routes.find((route) => route.variant === variant)!;
  const live = routes.filter(({ variant }) => variant.mode === 'live');
  const free = Promise.withResolvers<void>();
  let holds = 1;
  let isRetired = false;
  const letGo = (): void => {
    if (--holds > 0) return;
    for (const lease of leases.values()) lease.letGo();
    free.resolve();
  };

  return {
    deployment,
    routes,
    facts,
    only: live.length === 1 ? live[0] : undefined,
    routeOf: (unit) => routeOf(assign(salt, unit, variants)!),
    versions: [...new Set(live.map(({ variant }) => String(variant.version)))],
    ofVersion: (version) => live.find(({ variant }) => String(variant.version) === version),
    shadowsOf: (unit) => shadowsOf(salt, unit, variants).filter(modelOf).map(routeOf),
    share: (digests) => {
      const wanted = [...new Set(digests as TreeDigest[])];
      if (!wanted.every((digest) => leases.has(digest))) return undefined;
      return new Map(wanted.map((digest) => [digest, leases.get(digest)!.again()]));
    },
    hold: () => {
      holds++;
      return letGo;
    },
    retire: () => {
      if (!isRetired) letGo();
      isRetired = true;
      return free.promise;
    },
  };
};

/** Its units are not given to another variant: what they are told would not be what the shares say. */
const missingModel = (facts: ModelFacts, { model, version }: Variant): ServedModel => ({
  facts,
  predict: async () => {
    throw new AppError('unavailable', `Version ${version} of ${model} could not be loaded: deploy without it`, {
      reason: 'variant_not_loaded',
      details: { retryAfterSeconds: 30 },
    });
  },
  usage: async () => undefined,
  close: async () => {},
});

/** The variant that stands for the deployment where only one can be shown: the first that answers. */
export const mainVariant = ({ variants }: Deployment): Variant => variants.find(({ mode }) => mode === 'live') ?? variants[0]!;

/** The live variant that the caller insists on. */
export const requireVersion = (routing: Routing, version: string): Route => {
  const route = routing.ofVersion(version);
  if (route) return route;
  const { deployment, versions } = routing;
  throw new AppError(
    'not_found',
    `Endpoint ${deployment.endpoint} serves version ${versions.join(' and ')}, not ${version.slice(0, 100)}: leave the version out, or deploy that one`,
    { reason: 'version_not_served' },
  );
};
