import { type CSSProperties, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { RunColumn } from './run-columns.tsx';
import { RunHead } from './run-head.tsx';
import type { Sort } from './run-key.ts';
import type { RunLine } from './run-lines.ts';
import { rowId, RunRow, rowStyle } from './run-row.tsx';
import { rowHeight, useVirtualRows } from './use-virtual-rows.ts';
import type { RunsWords } from './words-en.ts';

interface RunGridProps {
  readonly lines: readonly RunLine[];
  /** How many there are; undefined while nobody knows. */
  readonly all: number | undefined;
  readonly columns: readonly RunColumn[];
  readonly sort: Sort;
  readonly selected: ReadonlySet<string>;
  readonly isStale: boolean;
  readonly words: RunsWords;
  readonly hrefOf: (id: string) => string;
  readonly onSort: (sort: Sort) => void;
  readonly onSelect: (id: string) => void;
  readonly onOpen: (id: string) => void;
  readonly onToggle: (group: string | undefined) => void;
  /** Called when the end of what is there comes near. */
  readonly onEnd: () => void;
}
const nearEnd = 60;

/** Only the rows in view exist, and the keyboard behaves as if all did. Tab enters it once; what is in a row has keys of its own. */
export const RunGrid = (props: RunGridProps) => {
  const { lines, all, columns, sort, selected, isStale, words, hrefOf, onSort, onSelect, onOpen, onToggle, onEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const { from, to } = useVirtualRows(scroller, lines.length);
  useEffect(() => {
    if (to > lines.length - nearEnd) onEnd();
  }, [to, lines.length, onEnd]);
  const here = Math.min(active, lines.length - 1);
  const line = lines[here];

  const move = (index: number) => {
    const next = Math.max(0, Math.min(lines.length - 1, index));
    const { current: box } = scroller;
    setActive(next);
    if (!box) return;
    const top = next * rowHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + 2 * rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + 2 * rowHeight - box.clientHeight;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // A head's button sorts by Enter and Space itself.
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2);
    const toggle = () => line?.kind === 'group' && onToggle(line.value);
    const acts: Record<string, () => void> = {
      ArrowDown: () => move(here + 1),
      ArrowUp: () => move(here - 1),
      PageDown: () => move(here + page),
      PageUp: () => move(here - page),
      Home: () => move(0),
      End: () => move(lines.length - 1),
      ' ': () => (line?.kind === 'run' ? onSelect(line.run.id) : toggle()),
      Enter: () => (line?.kind === 'run' ? onOpen(line.run.id) : toggle()),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  const nameWidth = 216;
  const template = `38px minmax(${nameWidth}px, 1.4fr) ${columns.map(({ width }) => `minmax(${width}px, 1fr)`).join(' ')}`;
  const width = 38 + nameWidth + columns.reduce((sum, column) => sum + column.width, 0);
  const activeId = line && (line.kind === 'run' ? rowId(line.run.id) : `run-group-${here}`);
  return (
    <div
      ref={scroller}
      className={isStale ? 'run-grid run-stale num' : 'run-grid num'}
      role="grid"
      tabIndex={0}
      aria-label={words.table}
      aria-description={words.keys}
      aria-busy={isStale}
      aria-rowcount={all === undefined ? -1 : all + 1}
      aria-colcount={columns.length + 2}
      aria-multiselectable="true"
      {...(activeId !== undefined && here >= from && here < to && { 'aria-activedescendant': activeId })}
      onKeyDown={onKeyDown}
      style={{ '--run-columns': template, '--run-width': `${width}px` } as CSSProperties}
    >
      <RunHead columns={columns} sort={sort} words={words} onSort={onSort} />
      <div role="rowgroup" className="run-body" style={{ height: lines.length * rowHeight }}>
        {lines.slice(from, to).map((one, i) => {
          const index = from + i;
          if (one.kind === 'run')
            return (
              <RunRow
                key={one.run.id}
                run={one.run}
                isNested={one.isNested}
                index={index}
                columns={columns}
                isSelected={selected.has(one.run.id)}
                isActive={index === here}
                href={hrefOf(one.run.id)}
                words={words}
                onActive={setActive}
                onSelect={onSelect}
                onOpen={onOpen}
              />
            );
          return (
            <div
              key={`group ${index}`}
              id={`run-group-${index}`}
              role="row"
              tabIndex={-1}
              aria-rowindex={index + 2}
              className={`run-row run-line run-group${index === here ? ' run-active' : ''}`}
              style={rowStyle(index)}
            >
              <div role="gridcell" className="run-group-cell" aria-colspan={columns.length + 2}>
                <button type="button" tabIndex={-1} className="run-fold" aria-expanded={one.isOpen} onClick={() => onToggle(one.value)}>
                  <span aria-hidden="true">{one.isOpen ? '▾' : '▸'}</span>
                  <span className="clip" dir="auto">
                    {one.value?.slice(0, 200) ?? words.group.without}
                  </span>
                  <span className="quiet">{words.group.loaded(one.loaded)}</span>
                </button>
              </div>
            </div>
          );
        })}
      </div>
    </div>
  );
};
