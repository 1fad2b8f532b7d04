import type { RunColumn } from './run-columns.tsx';
import { nextSort, type Sort } from './run-key.ts';
import type { RunsWords } from './words-en.ts';

interface RunHeadProps {
  readonly columns: readonly RunColumn[];
  readonly sort: Sort;
  readonly words: RunsWords;
  readonly onSort: (sort: Sort) => void;
}

export const RunHead = ({ columns, sort, words, onSort }: RunHeadProps) => {
  const heading = ({ id, label, isNumeric, isSortable }: Pick<RunColumn, 'id' | 'label' | 'isNumeric' | 'isSortable'>, place = '') => {
    const direction = sort.key !== id ? 'none' : sort.isDescending ? 'descending' : 'ascending';
    return (
      <div
        key={id}
        role="columnheader"
        {...(isSortable && { 'aria-sort': direction })}
        className={`run-heading${isNumeric ? ' run-numeric' : ''} ${place}`}
      >
        {isSortable ? (
          <button type="button" className="run-sort" title={label} onClick={() => onSort(nextSort(sort, id))}>
            <span className="clip">{label}</span>
            <svg className={`run-arrow run-arrow-${direction}`} width="9" height="9" viewBox="0 0 10 10" aria-hidden="true">
              <path d="M5 1v8M1.8 5.8 5 9l3.200-3.200" />
            </svg>
          </button>
        ) : (
          <span className="clip" title={label}>
            {label}
          </span>
        )}
      </div>
    );
  };
  return (
    <div role="rowgroup" className="run-head">
      <div role="row" aria-rowindex={1} className="run-row">
        <div role="columnheader" className="run-stick run-tools">
          <span className="run-hidden">{words.selection}</span>
        </div>
        {heading({ id: 'attributes.run_name', label: words.name, isNumeric: false, isSortable: true }, 'run-stick run-name')}
        {columns.map((column) => heading(column))}
      </div>
    </div>
  );
};
