import type { Deployment, EndpointTraffic } from '@boucle/contract';
import { wilson } from '@boucle/statistics';
import { Link } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { inks } from './traffic-chart.ts';
import { useEndpointWords } from './use-endpoint-words.ts';

interface VariantsPanelProps {
  readonly deployment: Deployment | null;
  readonly traffic: EndpointTraffic | undefined;
}

/** Who answers how many of the requests, and how well. */
export const VariantsPanel = ({ deployment, traffic }: VariantsPanelProps) => {
  const { f } = useI18n();
  const words = useEndpointWords();
  if (deployment === null)
    return (
      <Panel title={words.variants.title}>
        <p className="quiet">{words.variants.none}</p>
      </Panel>
    );
  return (
    <Panel title={words.variants.title} note={words.variants.note}>
      <ScrollTable label={words.variants.title}>
        <thead>
          <tr>
            <th scope="col">{words.log.variant}</th>
            <th scope="col">{words.prediction.version}</th>
            <th scope="col" className="cell-number">
              {words.variants.share}
            </th>
            <th scope="col" className="cell-number">
              {words.variants.requests}
            </th>
            <th scope="col" className="cell-number">
              {words.variants.failed}
            </th>
            <th scope="col" className="cell-number">
              {words.variants.latency}
            </th>
          </tr>
        </thead>
        <tbody>
          {deployment.variants.map(({ name, mode, share, model, version }, i) => {
            const lately = traffic?.variants.find((one) => one.name === name && one.mode === mode);
            return (
              <tr key={name}>
                <th scope="row">
                  <svg width="20" height="8" aria-hidden="true">
                    <path d="M1 4H19" className={`chart-line ink-${inks[Math.min(i, inks.length - 1)]}`} />
                  </svg>{' '}
                  {name}
                  {mode === 'shadow' && <span className="quiet block small">{words.variants.shadow}</span>}
                  {lately !== undefined && lately.dropped > 0 && (
                    <span className="quiet block small">{words.variants.dropped(f.number(lately.dropped))}</span>
                  )}
                </th>
                <td>
                  <Link
                    to="/p/$project/models/$model/$number"
                    params={{ project: deployment.project, model, number: String(version) }}
                    className="text-link"
                    dir="auto"
                  >
                    {words.version(model, version)}
                  </Link>
                </td>
                <td className="cell-number">{f.percent(share, share < 0.1 ? 1 : 0)}</td>
                <td className="cell-number">{lately ? f.number(lately.requests) : words.none}</td>
                <td className="cell-number">{lately ? <FailedShare {...lately} /> : words.none}</td>
                <td className="cell-number nowrap">
                  {lately?.latencyMs
                    ? [lately.latencyMs.p50, lately.latencyMs.p95, lately.latencyMs.p99].map((ms) => f.duration(ms / 1000)).join(' · ')
                    : words.none}
                </td>
              </tr>
            );
          })}
        </tbody>
      </ScrollTable>
    </Panel>
  );
};

/** With the interval that so few requests leave. */
export const FailedShare = ({ errors, requests }: { errors: number; requests: number }) => {
  const { f } = useI18n();
  const words = useEndpointWords();
  const interval = wilson(errors, requests);
  if (interval === null) return words.none;
  return (
    <>
      {f.percent(errors / requests, 1)}{' '}
      <span className="quiet nowrap">
        {f.percent(interval.low, 1)} – {f.percent(interval.high, 1)}
      </span>
    </>
  );
};
