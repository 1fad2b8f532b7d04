import type { ColumnDistribution, ColumnProfile } from '@boucle/contract';

/** How a column is drawn: by its frequent values where they are few and tell most, by bins where it has an order. */
export type Picture = { readonly kind: 'categories'; readonly others: number } | { readonly kind: 'bins' } | { readonly kind: 'none' };

const fewValues = 12;

export const pictureOf = (profile: ColumnProfile, distribution: ColumnDistribution | undefined, rows: number): Picture => {
  const present = rows - profile.nulls;
  const told = profile.top.reduce((sum, { count }) => sum + count, 0);
  const isNamed = profile.type === 'text' || profile.type === 'bool';
  if (present === 0) return { kind: 'none' };
  if (profile.top.length > 0 && (isNamed || !distribution?.bins.length) && (profile.distinct <= fewValues || told >= present / 2))
    return { kind: 'categories', others: present - told };
  if (distribution && distribution.bins.length > 0) return { kind: 'bins' };
  return profile.top.length > 0 && profile.top[0]!.count > 1 ? { kind: 'categories', others: present - told } : { kind: 'none' };
};
