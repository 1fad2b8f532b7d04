import type { AskedVariant, Deployment, Variant } from '@boucle/contract';

/** What answers most of the requests. */
export const mainOf = ({ variants }: Deployment): Variant | undefined =>
  variants.filter(({ mode }) => mode === 'live').toSorted((a, b) => b.share - a.share)[0];

/** The same variants once more, each by the number of its version: an alias may have moved since. */
export const againOf = ({ variants }: Deployment): AskedVariant[] =>
  variants.map(({ name, mode, share, model, version }) => ({ name, mode, share, model: `${model}/${version}` }));
