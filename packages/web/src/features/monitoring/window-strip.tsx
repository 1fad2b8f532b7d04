import type { MonitorWindow } from '@boucle/contract';
import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { useMonitoringWords } from './use-monitoring-words.ts';
import { heightsOf, stepTo, windowMark, type WindowState, windowState } from './window-state.ts';

interface WindowStripProps {
  readonly project: string;
  readonly monitor: string;
  /** Oldest first. */
  readonly windows: readonly MonitorWindow[];
  readonly chosen: string | undefined;
  readonly onEarlier: (() => void) | undefined;
  readonly isLoading: boolean;
}
const states: WindowState[] = ['quiet', 'drifted', 'missed', 'faulty', 'empty'];

/** The closed windows over time: as high as they have rows, marked where something was found. Tab enters it once, arrows move in it. */
export const WindowStrip = ({ project, monitor, windows, chosen, onEarlier, isLoading }: WindowStripProps) => {
  const { f } = useI18n();
  const words = useMonitoringWords();
  const navigate = useNavigate();
  const strip = useRef<HTMLOListElement>(null);
  const at = windows.findIndex(({ id }) => id === chosen);
  const heights = heightsOf(windows);
  useEffect(() => {
    const { current } = strip;
    const cell = current?.querySelector('[aria-current]')?.parentElement;
    if (!current || !cell) return;
    // By hand: `scrollIntoView` would move the page as well.
    const [left, right] = [cell.offsetLeft - 8, cell.offsetLeft + cell.offsetWidth + 8];
    if (left < current.scrollLeft) current.scrollLeft = left;
    else if (right > current.scrollLeft + current.clientWidth) current.scrollLeft = right - current.clientWidth;
  }, [chosen, windows.length]);
  const move = (event: KeyboardEvent) => {
    const next = stepTo(event.key, at < 0 ? windows.length - 1 : at, windows.length);
    const window = next === undefined ? undefined : windows[next];
    if (!window) return;
    event.preventDefault();
    strip.current?.querySelectorAll('a')[next!]?.focus();
    // A walk along the strip is one step of the history.
    void navigate({ to: '/p/$project/monitoring', params: { project }, search: { monitor, window: window.id }, replace: true });
  };
  return (
    <>
      <div className="strip-row">
        {onEarlier && (
          <Button variant="default" size="compact-xs" onClick={onEarlier} loading={isLoading}>
            {words.windows.earlier}
          </Button>
        )}
        <ol ref={strip} className="strip plain-list" aria-label={words.windows.list} onKeyDown={move}>
          {windows.map((window, i) => {
            const state = windowState(window);
            const from = Date.parse(window.from);
            const span = words.windows.span(f.span(from, Date.parse(window.to)));
            const isNewDay = i === 0 || windows[i - 1]?.from.slice(0, 10) !== window.from.slice(0, 10);
            const isChosen = window.id === chosen;
            return (
              <li key={window.id} className={isNewDay ? 'strip-cell strip-day' : 'strip-cell'}>
                <Link
                  to="/p/$project/monitoring"
                  params={{ project }}
                  search={{ monitor, window: window.id }}
                  resetScroll={false}
                  className={`strip-window strip-${state}`}
                  activeProps={{}}
                  aria-current={isChosen ? 'true' : undefined}
                  tabIndex={isChosen || (at < 0 && i === windows.length - 1) ? 0 : -1}
                  aria-label={[span, words.windows.rows(f.number(window.rows), window.rows), words.windows.state[state]].join(', ')}
                  title={`${span} · ${words.windows.rows(f.number(window.rows), window.rows)} · ${words.windows.state[state]}`}
                >
                  {state !== 'quiet' && state !== 'empty' && <StatusMark mark={windowMark[state]} size={12} />}
                  <span className="strip-bar" style={{ height: `${(heights[i] ?? 0) * 44}px` }} />
                </Link>
                {isNewDay && (
                  <span className="strip-date num" aria-hidden="true">
                    {f.shortDay(from)}
                  </span>
                )}
              </li>
            );
          })}
        </ol>
      </div>
      <ul className="strip-legend plain-list" aria-hidden="true">
        {states.map((state) => (
          <li key={state}>
            {state === 'quiet' || state === 'empty' ? (
              <span className={`strip-sample strip-${state}`}>
                <span className="strip-bar" />
              </span>
            ) : (
              <StatusMark mark={windowMark[state]} size={12} />
            )}
            {words.windows.state[state]}
          </li>
        ))}
      </ul>
    </>
  );
};
