import { useMemo, useState } from 'react';
import { aligned, type Curve } from './curve-spec.ts';

export interface CurveTableWords {
  readonly table: string;
  readonly place: string;
  readonly more: (rows: number, of: number) => string;
}
interface CurveTableProps {
  readonly title: string;
  readonly curves: readonly Curve[];
  readonly formatX: (value: number) => string;
  readonly formatValue: (value: number) => string;
  readonly words: CurveTableWords;
}
/** More rows than this nobody reads one by one: zoom in for the others. */
const mostRows = 200;

/** The picture in numbers, for whoever does not see it. Nothing is made of it until it is opened. */
export const CurveTable = ({ title, curves, formatX, formatValue, words }: CurveTableProps) => {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="curve-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.table}</summary>
      {isOpen && <Rows title={title} curves={curves} formatX={formatX} formatValue={formatValue} words={words} />}
    </details>
  );
};

const Rows = ({ title, curves, formatX, formatValue, words }: CurveTableProps) => {
  const { x, y } = useMemo(() => aligned(curves), [curves]);
  return (
    <div className="curve-rows" role="group" aria-label={title} tabIndex={0}>
      <table className="table num">
        <thead>
          <tr>
            <th scope="col">{words.place}</th>
            {curves.map(({ name }, i) => (
              <th key={i} scope="col">
                {name.slice(0, 80)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {x.slice(0, mostRows).map((at, row) => (
            <tr key={row}>
              <th scope="row">{formatX(at)}</th>
              {y.map((values, i) => {
                const value = values[row];
                return <td key={i}>{typeof value === 'number' ? formatValue(value) : '–'}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {x.length > mostRows && <p className="small-note">{words.more(mostRows, x.length)}</p>}
    </div>
  );
};
