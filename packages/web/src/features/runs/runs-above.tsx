import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { useRunsWords } from './use-runs-words.ts';

interface RunsAboveProps {
  readonly project: string;
  readonly count: { readonly found: number; readonly all: number } | undefined;
  /** How many milliseconds the rows took. */
  readonly took: number | undefined;
  readonly fresh: number;
  readonly selected: ReadonlySet<string>;
  readonly onFresh: () => void;
  readonly onUnselect: () => void;
}

/** How many there are and how long they took, what waits, and what is selected. */
export const RunsAbove = ({ project, count, took, fresh, selected, onFresh, onUnselect }: RunsAboveProps) => {
  const { f } = useI18n();
  const words = useRunsWords();
  return (
    <div className="runs-above num">
      <span role="status">
        {count && words.count(f.number(count.found), f.number(count.all), count.all)}
        {took !== undefined && <span className="quiet">{words.took(f.duration(took / 1000))}</span>}
      </span>
      {fresh > 0 && (
        <Button variant="light" size="compact-xs" onClick={onFresh}>
          {words.fresh(f.number(fresh))}
        </Button>
      )}
      <span className="runs-selection">
        {selected.size > 0 && (
          <>
            <span>{words.selected(selected.size)}</span>
            <Button variant="subtle" size="compact-xs" onClick={onUnselect}>
              {words.unselect}
            </Button>
          </>
        )}
        {selected.size > 1 && (
          <Link to="/p/$project/runs/comparison" params={{ project }} search={{ ids: [...selected].join(',') }} className="runs-compare">
            {words.compare(selected.size)}
          </Link>
        )}
        {selected.size === 1 && <span className="quiet">{words.oneMore}</span>}
      </span>
    </div>
  );
};
