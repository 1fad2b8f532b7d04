import type { WindowTraffic } from '@boucle/contract';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useMonitoringWords } from './use-monitoring-words.ts';

export const TrafficPanel = ({ traffic }: { traffic: readonly WindowTraffic[] }) => {
  const { f } = useI18n();
  const { traffic: words } = useMonitoringWords();
  return (
    <Panel title={words.title}>
      <table className="table num">
        <thead>
          <tr>
            <th scope="col">{words.variant}</th>
            <th scope="col">{words.requests}</th>
            <th scope="col">{words.errors}</th>
            <th scope="col">{words.refused}</th>
            <th scope="col">{words.latency}</th>
          </tr>
        </thead>
        <tbody>
          {traffic.map(({ variant, mode, requests, errors, refused, latencyMs }) => (
            <tr key={`${variant} ${mode}`}>
              <th scope="row">
                {variant} {mode === 'shadow' && <span className="quiet">{words.shadow}</span>}
              </th>
              <td>{f.number(requests)}</td>
              <td>{f.number(errors)}</td>
              <td>{f.number(refused)}</td>
              <td className="nowrap">
                {latencyMs ? [latencyMs.p50, latencyMs.p95, latencyMs.p99].map((ms) => f.duration(ms / 1000)).join(' · ') : '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
};
