import type { ColumnDistribution } from '@boucle/contract';
import { type KeyboardEvent, useState } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { binText, edgeText } from './bin-label.ts';
import { useDataWords } from './use-data-words.ts';

const height = 52;

/** Bars over the range of a column; focused, its arrow keys read them out. */
export const Histogram = ({ distribution: { name, of, bins } }: { distribution: ColumnDistribution }) => {
  const { f } = useI18n();
  const { columns: words } = useDataWords();
  const [at, setAt] = useState<number>();
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const width = 100 / bins.length;
  const move = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -bins.length, End: bins.length }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setAt(Math.min(bins.length - 1, Math.max(0, (at ?? (step > 0 ? -1 : bins.length)) + step)));
  };
  const bin = at === undefined ? undefined : bins[at];
  const [first, last] = [bins[0]!, bins.at(-1)!];
  return (
    <figure className="histogram">
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions */}
      <svg
        height={height}
        role="img"
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label={`${name}, ${of === 'length' ? words.length : words.values}. ${words.to(edgeText(first.from, of, f), edgeText(last.to, of, f))}. ${words.hint}`}
        onKeyDown={move}
        onBlur={() => setAt(undefined)}
        onPointerLeave={() => setAt(undefined)}
      >
        {bins.map(({ count }, i) => (
          // eslint-disable-next-line react/no-array-index-key
          <g key={i} onPointerEnter={() => setAt(i)}>
            <rect x={`${i * width}%`} y="0" width={`${width}%`} height={height} className="histogram-catch" />
            <rect
              x={`${i * width + width * 0.06}%`}
              width={`${width * 0.88}%`}
              y={height - Math.max(count > 0 ? 2 : 0, (count / most) * height)}
              height={Math.max(count > 0 ? 2 : 0, (count / most) * height)}
              className={i === at ? 'histogram-bar histogram-at' : 'histogram-bar'}
            />
          </g>
        ))}
      </svg>
      <figcaption className="histogram-axis num">
        {bin ? (
          <span aria-live="polite">{words.bin(binText(bin, of, f), f.number(bin.count), bin.count)}</span>
        ) : (
          <>
            <span>{edgeText(first.from, of, f)}</span>
            {of === 'length' && <span>{words.length}</span>}
            <span>{edgeText(last.to, of, f)}</span>
          </>
        )}
      </figcaption>
    </figure>
  );
};
