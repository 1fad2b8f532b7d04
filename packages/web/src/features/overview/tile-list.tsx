import type { Overview } from '@boucle/contract';
import { type Messages, useI18n } from '../../i18n/i18n.tsx';
import { IntervalBar } from '../../ui/interval-bar.tsx';
import { type Tile, tilesOf } from './tiles.ts';
import './tile-list.css';
import { Facts } from '../../ui/facts.tsx';

/** What was measured, each number with its interval and its count. */
export const TileList = ({ overview }: { overview: Overview }) => {
  const { t } = useI18n();
  return (
    <section className="tiles" aria-label={t.tiles.title}>
      {tilesOf(overview).map((tile) => (
        <article key={tile.kind} className={tile.value === null ? 'tile tile-empty' : 'tile'}>
          <h2 className="tile-name">{titleOf(tile, t)}</h2>
          {tile.value === null ? <Unmeasured kind={tile.kind} /> : <Measured tile={tile} value={tile.value} />}
        </article>
      ))}
    </section>
  );
};

const titleOf = (tile: Tile, t: Messages): string => {
  if (tile.kind !== 'quality' || tile.metric === null) return t.tiles[tile.kind];
  const { name, of, rows } = tile.metric;
  return t.tiles.qualityOf(t.metric(name, of), rows && t.rows[rows]);
};

const Unmeasured = ({ kind }: { kind: Tile['kind'] }) => {
  const { t } = useI18n();
  return (
    <>
      <p className="tile-value">–</p>
      <p className="tile-hint">{t.tiles.filled[kind]}</p>
    </>
  );
};

const Measured = ({ tile, value }: { tile: Tile; value: number }) => {
  const { t, f } = useI18n();
  const write = (number: number) => (tile.kind === 'quality' ? f.number(number, 3) : f.percent(number, 1));
  const interval = 'interval' in tile ? tile.interval : null;
  const facts: [name: string, said: string][] = [];
  if (tile.kind !== 'latency')
    facts.push([t.tiles.interval, interval ? `${write(interval[0])} – ${write(interval[1])}` : t.tiles.noInterval]);
  if (tile.kind === 'errors' || tile.kind === 'agreement')
    facts.push([t.tiles.count[tile.kind], t.tiles.of(f.number(tile.count), f.number(tile.of))]);
  if (tile.kind === 'latency') facts.push([t.tiles.requests, f.number(tile.of)]);
  if (tile.kind === 'quality') facts.push([t.tiles.runs, f.number(tile.runs)]);
  return (
    <>
      <p className="tile-value num">{tile.kind === 'latency' ? f.duration(value / 1000) : write(value)}</p>
      {interval && <IntervalBar value={value} low={interval[0]} high={interval[1]} />}
      <Facts of={facts} className="tile-facts num" />
    </>
  );
};
