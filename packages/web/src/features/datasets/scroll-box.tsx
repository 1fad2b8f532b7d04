import type { ReactNode } from 'react';

/** What is wider than the window scrolls in its own box, also by keyboard. */
export const ScrollBox = ({ label, isBusy = false, children }: { label: string; isBusy?: boolean; children: ReactNode }) => (
  // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
  <div className="scroll-box" tabIndex={0} role="group" aria-label={label} aria-busy={isBusy}>
    {children}
  </div>
);
