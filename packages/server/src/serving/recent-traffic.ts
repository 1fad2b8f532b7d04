import type { EndpointTraffic } from '@boucle/contract';
import { latencyQuantile } from './latency-histogram.ts';
import type { Tally } from './latency-window.ts';
import type { ServedEndpoint } from './served-endpoints.ts';

/** The last five minutes as they are told to people; programs of measurement read `/metrics`. */
export const recentTraffic = ({ name, state, window, variants }: ServedEndpoint, now: number): EndpointTraffic => ({
  endpoint: name,
  state: state.kind,
  ...counted(window.lately(now)),
  variants:
    state.kind !== 'ready'
      ? []
      : state.deployment.variants.map((variant) => {
          const { window: own, dropped } = variants.of(variant);
          const slots = own.series(now).map(({ from, ...tally }) => ({ from: new Date(from).toISOString(), ...counted(tally) }));
          const { name: called, mode, share, version } = variant;
          return { name: called, mode, share, version, ...counted(own.lately(now)), dropped, slots };
        }),
});

const counted = ({ requests, errors, latency }: Tally) => ({ requests, errors, latencyMs: quantiles(latency) });
const quantiles = (latency: Tally['latency']) => {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => latencyQuantile(latency, share));
  return p50 == null || p95 == null || p99 == null ? null : { p50, p95, p99 };
};
