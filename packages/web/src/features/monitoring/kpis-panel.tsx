import type { WindowKpi } from '@boucle/contract';
import type { Format } from '../../i18n/format.ts';
import { useI18n } from '../../i18n/i18n.tsx';
import { IntervalPlot } from '../../ui/chart/interval-plot.tsx';
import type { Range } from '../../ui/chart/scale.ts';
import { Panel } from '../../ui/panel.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { useMonitoringWords } from './use-monitoring-words.ts';
import { kpiMark } from './window-state.ts';

const isLatency = (metric: string): boolean => metric.startsWith('latency_');
const write = (metric: string, value: number, f: Format): string => (isLatency(metric) ? f.duration(value / 1000) : f.figure(value));
const inks = { met: 'ok', missed: 'broken', unsure: 'quiet' } as const;

/** Each KPI with its interval beside its target: met and missed are said only where the whole interval lies on one side. */
export const KpisPanel = ({ kpis }: { kpis: readonly WindowKpi[] }) => {
  const { kpis: words } = useMonitoringWords();
  return (
    <Panel title={words.title} note={words.note}>
      {kpis.length === 0 && <p className="quiet">{words.none}</p>}
      <ul className="kpis plain-list">
        {kpis.map((kpi) => (
          <Kpi key={kpi.kpi} kpi={kpi} />
        ))}
      </ul>
    </Panel>
  );
};

const Kpi = ({ kpi: { kpi, metric, value, interval, target, verdict, why } }: { kpi: WindowKpi }) => {
  const { f } = useI18n();
  const { kpis: words } = useMonitoringWords();
  const bounds = [target.atLeast, target.atMost].filter((bound) => bound !== undefined);
  const said = [
    target.atLeast !== undefined && words.atLeast(write(metric, target.atLeast, f)),
    target.atMost !== undefined && words.atMost(write(metric, target.atMost, f)),
  ].filter(Boolean);
  return (
    <li className={`kpi kpi-${verdict}`}>
      <StatusMark mark={kpiMark[verdict]} size={15} />
      <div className="kpi-text num">
        <div className="kpi-head">
          <span className="kpi-name">{kpi}</span>
          <span className="kpi-verdict">{words.verdict[verdict]}</span>
          <span className="quiet">{said.join(', ')}</span>
        </div>
        {value !== null && (
          <>
            <div>
              <strong>{write(metric, value, f)}</strong>{' '}
              <span className="quiet">
                {interval ? words.interval(write(metric, interval[0], f), write(metric, interval[1], f)) : words.noInterval}
              </span>
            </div>
            <IntervalPlot
              range={kpiRange(metric, [value, ...(interval ?? []), ...bounds])}
              value={value}
              low={interval?.[0] ?? value}
              high={interval?.[1] ?? value}
              lines={bounds}
              ink={inks[verdict]}
            />
          </>
        )}
        {why !== null && (
          <p className="small-note">
            <ServerText text={why} />
          </p>
        )}
      </div>
    </li>
  );
};

/** A share is drawn on the whole of its line; times as far as they reach. */
const kpiRange = (metric: string, values: readonly number[]): Range =>
  isLatency(metric) || values.some((value) => value > 1) ? [0, Math.max(...values) * 1.15] : [0, 1];
