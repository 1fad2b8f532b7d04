import type { Variant } from '@boucle/contract';
import type { HostUsage } from './inference-host.ts';
import type { Tally } from './latency-window.ts';
import type { ServedEndpoint } from './served-endpoints.ts';

export interface VariantTraffic extends Pick<Variant, 'name' | 'mode' | 'share' | 'version' | 'digest'> {
  /** In the last five minutes. */
  readonly lately: Tally;
  readonly sinceStart: Tally;
  /** Requests that a shadow did not see because too many waited, since the start. */
  readonly dropped: number;
  /** Of the host of its model, which variants of one digest share; absent where it cannot be told. */
  readonly host?: HostUsage;
}
export interface EndpointTraffic {
  readonly variants: readonly VariantTraffic[];
}

/** Of the variants that are deployed now; empty while nothing answers. */
export const trafficOf = async ({ state, variants }: ServedEndpoint, now: number): Promise<EndpointTraffic> => {
  if (state.kind !== 'ready') return { variants: [] };
  return {
    variants: await Promise.all(
      state.routing.routes.map(async ({ variant, model }): Promise<VariantTraffic> => {
        const { window, dropped } = variants.of(variant);
        const { name, mode, share, version, digest } = variant;
        const host = await model.usage();
        return {
          name,
          mode,
          share,
          version,
          digest,
          lately: window.lately(now),
          sinceStart: window.sinceStart(),
          dropped,
          ...(host && { host }),
        };
      }),
    ),
  };
};
