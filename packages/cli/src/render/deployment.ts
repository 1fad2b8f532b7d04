import type { Deployment, Variant } from '@boucle/contract';

const named = ({ model, version }: Variant): string => `${model}/${version}`;
/** `90 %`, `shadow of 50 %`. */
const part = ({ mode, share }: Variant): string => {
  const percent = `${Number((share * 100).toPrecision(3))} %`;
  return mode === 'shadow' ? `shadow of ${percent}` : percent;
};

/** `sentiment/3`, or each variant with its share. */
export const servedText = ({ variants }: Deployment): string =>
  variants.length === 1 ? named(variants[0]!) : variants.map((variant) => `${named(variant)} ${part(variant)}`).join(', ');

/** What each variant is, by its name. */
export const variantFacts = ({ variants }: Deployment, more: (variant: Variant) => string = () => ''): Record<string, string> =>
  Object.fromEntries(
    variants.map((variant) => [
      variant.name,
      [named(variant), variants.length > 1 ? part(variant) : '', more(variant)].filter((text) => text !== '').join('  '),
    ]),
  );
