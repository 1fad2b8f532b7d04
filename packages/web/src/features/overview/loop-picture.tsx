import type { Overview } from '@boucle/contract';
import type { ReactNode } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { Icon } from '../../ui/icon.tsx';
import { type Mark, StatusMark } from '../../ui/status.tsx';
import { cardStyle, linesOf, type LoopLayout, tall, wide } from './loop-layout.ts';
import { type StationFacts, stationFacts, type StationName, stationNames } from './stations.ts';
import './loop-picture.css';

/** The whole product in one picture: HTML cards, so that text keeps its size and can be cut short, over a drawn ring. */
export const LoopPicture = ({ overview, children }: { overview: Overview; children: ReactNode }) => {
  const { t, f } = useI18n();
  const facts = stationFacts(overview, t, f);
  return (
    <div className="loop">
      <div className="loop-stage">
        <Ring layout={wide} facts={facts} className="loop-wide" />
        <Ring layout={tall} facts={facts} className="loop-tall" />
        <ol className="loop-stations" aria-label={t.loop.inWords}>
          {stationNames.map((name) => (
            <Station key={name} name={name} facts={facts[name]} />
          ))}
        </ol>
        <div className="loop-centre">{children}</div>
      </div>
    </div>
  );
};

const Station = ({ name, facts: { mark, number, caption } }: { name: StationName; facts: StationFacts }) => {
  const { t } = useI18n();
  return (
    <li className={`station station-${mark}`} style={cardStyle(name)}>
      <div className="station-name">
        <Icon name={name} size={16} />
        <span className="clip">{t.loop.stations[name]}</span>
        <StatusMark mark={mark} size={16} label={t.mark[mark]} />
      </div>
      <div className="station-number num clip">{number}</div>
      <div className="station-caption clip" title={caption}>
        {caption}
      </div>
    </li>
  );
};

const Ring = ({ layout, facts, className }: { layout: LoopLayout; facts: Record<StationName, { mark: Mark }>; className: string }) => (
  <svg className={`loop-ring ${className}`} viewBox={`0 0 ${layout.width} ${layout.height}`} aria-hidden="true">
    {linesOf(layout).map(({ name, from, line, arrow: [x, y, turn] }) => (
      <g key={name} className={`loop-line loop-line-${facts[from].mark === 'idle' ? 'idle' : facts[name].mark}`}>
        <path d={line} />
        <path d="M-3.5 -5 2 0-3.5 5" transform={`translate(${x} ${y}) rotate(${turn})`} className="loop-arrow" />
      </g>
    ))}
  </svg>
);
