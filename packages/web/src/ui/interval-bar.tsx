import './interval-bar.css';

/** A share on the line from 0 to 1: the point, and the interval around it. The numbers stand beside it. */
export const IntervalBar = ({ value, low, high }: { value: number; low: number; high: number }) => (
  <div className="interval" aria-hidden="true">
    <span className="interval-range" style={{ left: `${low * 100}%`, width: `${(high - low) * 100}%` }} />
    <span className="interval-point" style={{ left: `${value * 100}%` }} />
  </div>
);
