import './progress-bar.css';

/** How far something is, or that it moves where nobody knows how far. */
export const ProgressBar = ({ done, total, label }: { done: number | null; total: number | null; label: string }) => {
  const share = done !== null && total ? Math.min(1, done / total) : undefined;
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      {...(share !== undefined && { 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(share * 100) })}
    >
      <div
        className={share === undefined ? 'progress-open' : 'progress-done'}
        style={share === undefined ? {} : { width: `${share * 100}%` }}
      />
    </div>
  );
};
