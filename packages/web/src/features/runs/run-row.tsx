import type { Run } from '@boucle/contract';
import { type CSSProperties, memo, type MouseEvent } from 'react';
import { StatusMark } from '../../ui/status.tsx';
import type { RunColumn } from './run-columns.tsx';
import { runMarks } from './run-status.ts';
import type { RunsWords } from './words-en.ts';

export interface RowActs {
  readonly onActive: (index: number) => void;
  readonly onSelect: (id: string) => void;
  readonly onOpen: (id: string) => void;
}
interface RunRowProps extends RowActs {
  readonly run: Run;
  readonly isNested: boolean;
  readonly index: number;
  readonly columns: readonly RunColumn[];
  readonly isSelected: boolean;
  readonly isActive: boolean;
  readonly href: string;
  readonly words: RunsWords;
}

export const rowId = (id: string): string => `run-${id}`;
export const rowStyle = (index: number): CSSProperties => ({ transform: `translateY(${index * 34}px)` });

/** Native elements only: forty rows appear in one frame, and a kit's checkbox or a router's link costs many times as much. */
export const RunRow = memo(
  ({ run, isNested, index, columns, isSelected, isActive, href, words, onActive, onSelect, onOpen }: RunRowProps) => {
    const open = (event: MouseEvent) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      onOpen(run.id);
    };
    return (
      <div
        id={rowId(run.id)}
        role="row"
        tabIndex={-1}
        aria-rowindex={index + 2}
        aria-selected={isSelected}
        className={`run-row run-line${isSelected ? ' run-selected' : ''}${isActive ? ' run-active' : ''}`}
        style={rowStyle(index)}
        onMouseDown={() => onActive(index)}
      >
        <div role="gridcell" className="run-stick run-tools">
          <input
            type="checkbox"
            checked={isSelected}
            onChange={() => onSelect(run.id)}
            aria-label={words.select(run.name.slice(0, 80))}
            tabIndex={-1}
          />
        </div>
        <div role="gridcell" className={`run-stick run-name${isNested ? ' run-nested' : ''}`}>
          {isNested && (
            <span className="run-under" title={words.nested}>
              ↳
            </span>
          )}
          <StatusMark mark={runMarks[run.status]} size={13} label={words.status[run.status]} />
          <a href={href} onClick={open} className="clip" tabIndex={-1} title={run.name.slice(0, 500)} dir="auto">
            {run.name.slice(0, 200)}
          </a>
        </div>
        {columns.map((column) => (
          <div key={column.id} role="gridcell" className={column.isNumeric ? 'run-cell run-numeric' : 'run-cell'} dir="auto">
            {column.write(run)}
          </div>
        ))}
      </div>
    );
  },
);
