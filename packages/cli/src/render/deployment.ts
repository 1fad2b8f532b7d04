import type { Deployment } from '@boucle/contract';

/** `sentiment/3`, or each variant with its share. */
export const servedText = ({ variants }: Deployment): string =>
  variants
    .map(({ model, version, share }) => `${model}/${version}${variants.length > 1 ? ` ${Math.round(share * 100)} %` : ''}`)
    .join(', ');
