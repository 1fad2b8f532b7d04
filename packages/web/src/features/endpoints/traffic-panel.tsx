import type { EndpointTraffic } from '@boucle/contract';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { LineChart } from '../../ui/chart/line-chart.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type Measure, trafficSpec } from './traffic-chart.ts';
import { useEndpointWords } from './use-endpoint-words.ts';

const measures: readonly Measure[] = ['requests', 'failed', 'p50', 'p95'];

interface TrafficPanelProps {
  readonly project: string;
  readonly endpoint: string;
  readonly traffic: EndpointTraffic | undefined;
  /** When it was asked for. */
  readonly at: number;
}

/** Small multiples: how many came, how many failed, how long it took. */
export const TrafficPanel = ({ project, endpoint, traffic, at }: TrafficPanelProps) => {
  const { traffic: words } = useEndpointWords();
  const variants = traffic?.variants ?? [];
  const isQuiet = variants.every(({ slots }) => slots.length === 0);
  return (
    <Panel
      title={words.title}
      note={words.note}
      actions={
        <Link to="/p/$project/monitoring" params={{ project }} className="text-link">
          {words.longer}
        </Link>
      }
    >
      {traffic && isQuiet && (
        <p className="quiet">
          {words.none} <CopyText text={`boucle predict ${endpoint}`} />
        </p>
      )}
      {!isQuiet && (
        <div className="traffic-charts">
          {measures.map((measure) => (
            <TrafficChart key={measure} variants={variants} measure={measure} at={at} />
          ))}
        </div>
      )}
    </Panel>
  );
};

const TrafficChart = ({ variants, measure, at }: { variants: EndpointTraffic['variants']; measure: Measure; at: number }) => {
  const { f } = useI18n();
  const { traffic: words } = useEndpointWords();
  const spec = useMemo(() => trafficSpec(variants, measure, at), [variants, measure, at]);
  const said = (value: number): string =>
    measure === 'failed' ? f.percent(value, 1) : measure === 'requests' ? f.figure(value) : f.duration(value / 1000);
  return (
    <LineChart
      title={words.measure[measure]}
      spec={spec}
      height={170}
      axis={words.axis}
      formatX={(time) => f.time(time)}
      formatTick={said}
      formatValue={said}
    />
  );
};
