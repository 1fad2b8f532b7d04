import type { ReactNode } from 'react';

/** Names with what is said of each. */
export const Facts = ({ of, className }: { of: readonly (readonly [name: string, said: ReactNode])[]; className: string }) => (
  <dl className={className}>
    {of.map(([name, said]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{said}</dd>
      </div>
    ))}
  </dl>
);
