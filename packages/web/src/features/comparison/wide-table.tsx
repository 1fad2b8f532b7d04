import type { ReactNode } from 'react';
import type { Approach } from './criteria.ts';
import { inkOf } from './curve-chart.ts';

/** A table that scrolls in its own box where the window is too narrow, also by keyboard. */
export const WideTable = ({ label, children }: { label: string; children: ReactNode }) => (
  // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
  <div className="comparison-scroll" tabIndex={0} role="group" aria-label={label}>
    <table className="table num">{children}</table>
  </div>
);

/** One column for each approach, with the colour that it has all over the page. */
export const ApproachHeads = ({ approaches }: { approaches: readonly Approach[] }) =>
  approaches.map(({ name }, place) => (
    <th key={name} scope="col">
      <svg width="10" height="10" aria-hidden="true" className={`ink-${inkOf(place)}`}>
        <circle cx="5" cy="5" r="4" className="interval-dot" />
      </svg>{' '}
      {name}
    </th>
  ));
