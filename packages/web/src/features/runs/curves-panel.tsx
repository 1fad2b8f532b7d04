import type { Run } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { createCursor } from '../../ui/chart/shared-cursor.ts';
import { Panel } from '../../ui/panel.tsx';
import { lookOf, weights, zoomOf } from './curve-look.ts';
import { MetricCurve, mostLines } from './metric-curve.tsx';
import type { CurveSearch } from './runs-search.ts';
import { useRunsWords } from './use-runs-words.ts';

interface CurvesPanelProps {
  readonly project: string;
  readonly runs: readonly Run[];
  readonly keys: readonly string[];
  readonly search: CurveSearch & { readonly find?: string };
  readonly onSearch: (next: CurveSearch & { readonly find?: string }) => void;
  readonly title?: string;
}
const atOnce = 6;

/** A curve for each metric, a few at a time, all along one axis and with one cursor. */
export const CurvesPanel = ({ project, runs, keys, search, onSearch, title }: CurvesPanelProps) => {
  const words = useRunsWords();
  const [pages, setPages] = useState(1);
  const [cursor] = useState(createCursor);
  const { axis, smooth, log, zoom, find = '' } = search;
  const look = useMemo(
    () => lookOf({ ...(axis && { axis }), ...(smooth && { smooth }), ...(log && { log }), ...(zoom && { zoom }) }),
    [axis, smooth, log, zoom],
  );
  const found = keys.filter((key) => key.toLowerCase().includes(find.toLowerCase()));
  const left = found.length - pages * atOnce;
  const set = (next: { [key in keyof typeof search]?: string | undefined }) => onSearch(next as CurveSearch);
  return (
    <Panel
      title={title ?? words.curves.title}
      note={runs.length > mostLines ? words.curves.band(runs.length) : words.curves.keys}
      actions={
        <div className="curve-tools">
          {look.range && (
            <Button variant="light" size="compact-xs" onClick={() => set({ zoom: undefined })}>
              {words.curves.whole}
            </Button>
          )}
          <input
            className="text-field curve-find"
            value={find}
            maxLength={250}
            aria-label={words.curves.find}
            placeholder={words.curves.find}
            onChange={(event) => set({ find: event.currentTarget.value || undefined })}
          />
          <label>
            {words.curves.axis}{' '}
            <select
              className="runs-select"
              value={look.axis}
              onChange={(event) =>
                set({ axis: event.currentTarget.value === 'step' ? undefined : event.currentTarget.value, zoom: undefined })
              }
            >
              {(['step', 'time', 'relative'] as const).map((one) => (
                <option key={one} value={one}>
                  {words.curves.along[one]}
                </option>
              ))}
            </select>
          </label>
          <label>
            {words.curves.smoothing}{' '}
            <select
              className="runs-select num"
              value={look.weight}
              onChange={(event) => set({ smooth: event.currentTarget.value === '0' ? undefined : event.currentTarget.value })}
            >
              {weights.map((weight) => (
                <option key={weight} value={weight}>
                  {weight}
                </option>
              ))}
            </select>
          </label>
          <label className="curve-log">
            <input type="checkbox" checked={look.isLog} onChange={() => set({ log: look.isLog ? undefined : 'true' })} /> {words.curves.log}
          </label>
        </div>
      }
    >
      {found.length === 0 && <p className="small-note">{keys.length === 0 ? words.curves.noneYet : words.curves.none}</p>}
      <div className="curves">
        {found.slice(0, pages * atOnce).map((key) => (
          <MetricCurve
            key={key}
            project={project}
            runs={runs}
            name={key}
            look={look}
            cursor={cursor}
            onZoom={(range) => set({ zoom: zoomOf(range) })}
          />
        ))}
      </div>
      {left > 0 && (
        <Button variant="default" mt={12} onClick={() => setPages(pages + 1)}>
          {words.curves.more(Math.min(atOnce, left))}
        </Button>
      )}
    </Panel>
  );
};
