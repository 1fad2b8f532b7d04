import type { Monitor, MonitorWindowDetail } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { LineChart } from '../../ui/chart/line-chart.tsx';
import { Panel } from '../../ui/panel.tsx';
import { metricKey, metricOf, metricsIn, performanceSpec, variantsIn } from './performance-chart.ts';
import { performanceQuery } from './queries.ts';
import { useMonitoringWords } from './use-monitoring-words.ts';

/** Whether the model still does what it did, from labels and before they come. */
export const PerformancePanel = ({ project, monitor, window }: { project: string; monitor: Monitor; window: MonitorWindowDetail }) => {
  const { t, f } = useI18n();
  const { performance: words } = useMonitoringWords();
  const search = useSearch({ from: '/p/$project/monitoring' });
  const navigate = useNavigate();
  const metric = metricOf(search.metric ?? 'accuracy');
  const { data } = useQuery({ ...performanceQuery(project, monitor.name, metric), placeholderData: (before) => before });
  const points = useMemo(() => data?.items ?? [], [data]);
  const variants = variantsIn(points);
  const [asked, setAsked] = useState<string>();
  const variant = variants.find((name) => name === asked);
  const target = window.kpis.find((kpi) => kpi.metric === metric.metric && kpi.of === metric.of)?.target;
  const { spec, windows } = useMemo(
    () =>
      performanceSpec(
        points,
        { variant, target },
        { real: words.real, estimated: words.estimated, target: (value) => words.target(f.figure(value)) },
      ),
    [points, variant, target, words, f],
  );
  const nameOf = ({ metric: name, of }: { metric: string; of: string | null }) => t.metric(name, of);
  const hasAny = spec.lines.some(({ values }) => values.some((value) => value !== null));
  const { scored, heldUp } = monitor.estimates;
  return (
    <Panel
      title={words.title}
      note={`${words.note}.${scored > 0 ? ` ${words.held(f.number(heldUp), f.number(scored))}` : ''}`}
      actions={
        <>
          <label className="choice">
            {words.metric}
            <select
              value={metricKey(metric)}
              onChange={(event) =>
                void navigate({
                  to: '/p/$project/monitoring',
                  params: { project },
                  search: { ...search, metric: event.currentTarget.value },
                  resetScroll: false,
                })
              }
            >
              {[...new Map([...metricsIn(window), metric].map((one) => [metricKey(one), one])).values()].map((one) => (
                <option key={metricKey(one)} value={metricKey(one)}>
                  {nameOf(one)}
                </option>
              ))}
            </select>
          </label>
          {variants.length > 1 && (
            <label className="choice">
              {words.variant}
              <select value={variant ?? ''} onChange={(event) => setAsked(event.currentTarget.value)}>
                <option value="">{words.mostLabelled}</option>
                {variants.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </label>
          )}
        </>
      }
    >
      {hasAny ? (
        <LineChart
          title={nameOf(metric)}
          spec={spec}
          axis={words.axis}
          formatX={(i) => (Number.isInteger(i) && windows[i] ? f.dayHour(Date.parse(windows[i].from)) : '')}
          formatTick={(value) => f.figure(value)}
          formatValue={(value) => f.number(value, 3)}
        />
      ) : (
        <p className="quiet">{words.empty}</p>
      )}
    </Panel>
  );
};
