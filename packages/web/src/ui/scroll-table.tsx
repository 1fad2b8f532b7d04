import type { ReactNode } from 'react';
import './facts.css';
import './scroll-table.css';

/** A table that scrolls in its own box where the window is too narrow, also by keyboard. */
export const ScrollTable = ({ label, children }: { label: string; children: ReactNode }) => (
  // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
  <div className="scroll-table" tabIndex={0} role="group" aria-label={label}>
    <table className="table num">{children}</table>
  </div>
);
