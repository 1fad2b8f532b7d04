import { type Cell, pairedBars } from './paired-bars.ts';
import './chart.css';

interface PairedBarsTableProps {
  readonly caption: string;
  readonly names: { readonly value: string; readonly picture: string; readonly reference: string; readonly current: string };
  readonly cells: readonly Cell[];
  readonly format: (share: number) => string;
}

/** Two distributions as bars, in a table: seen as a picture, read as numbers. */
export const PairedBarsTable = ({ caption, names, cells, format }: PairedBarsTableProps) => (
  <table className="bars num" aria-label={caption}>
    <thead>
      <tr>
        <th scope="col">{names.value}</th>
        <th scope="col">{names.picture}</th>
        <th scope="col" className="bars-number">
          {names.reference}
        </th>
        <th scope="col" className="bars-number">
          {names.current}
        </th>
      </tr>
    </thead>
    <tbody>
      {pairedBars(cells).map((pair) => (
        <tr key={pair.label}>
          <th scope="row" className="bars-label clip" title={pair.label}>
            {pair.label}
          </th>
          <td className="bars-picture">
            <svg height="18" aria-hidden="true">
              <rect x="0.5" y="1.5" height="6" width={`${pair.referenceWidth * 99}%`} className="bar-reference" />
              <rect x="0" y="10" height="7" width={`${pair.currentWidth * 99}%`} className="bar-current" />
            </svg>
          </td>
          <td className="bars-number quiet">{format(pair.referenceShare)}</td>
          <td className="bars-number">{format(pair.currentShare)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
