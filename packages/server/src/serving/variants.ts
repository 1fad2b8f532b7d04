import { AppError, invalid, type Signature, type Variant } from '@boucle/contract';

/** Sums of shares come as near to one as sums of decimals do. */
const tolerance = 1e-9;

/** Refuses what nobody could be answered by. */
export const checkVariants = (variants: readonly Pick<Variant, 'name' | 'mode' | 'share'>[]): void => {
  const doubled = variants.find(({ name }, i) => variants.findIndex((other) => other.name === name) !== i);
  if (doubled)
    throw invalid(`Two variants are called ${doubled.name}: give each a name of its own`, 'doubled_variant', { name: doubled.name });
  const outside = variants.find(({ share }) => !(share >= 0 && share <= 1));
  if (outside)
    throw invalid(`Variant ${outside.name} has share ${outside.share}: a share is from 0 to 1`, 'bad_share', { name: outside.name });
  const live = variants.filter(({ mode }) => mode === 'live');
  if (live.length === 0) throw invalid('No variant is live, so nobody would be answered: make one of them live', 'no_live_variant');
  const sum = live.reduce((total, { share }) => total + share, 0);
  if (Math.abs(sum - 1) <= tolerance) return;
  throw invalid(
    `The shares of the live variants add up to ${Number(sum.toPrecision(12))}, not to 1: ${live.map(({ name, share }) => `${name} ${share}`).join(', ')}`,
    'shares_do_not_add_up',
    { sum },
  );
};

/** One of several models at an endpoint, as far as it is known what it takes and gives. */
export interface Taking {
  readonly model: string;
  readonly number: number;
  /** Of some models nothing is known before they are loaded. */
  readonly signature: Signature | null;
}
/** A request is read before it is known who answers it, and callers must not see which one did: all take the same columns and give the same. */
export const checkColumns = (models: readonly Taking[]): void => {
  const [first, ...others] = models.flatMap(({ signature, ...of }) => (signature ? [{ ...of, columns: columnsOf(signature) }] : []));
  const other = others.find(({ columns }) => columns !== first!.columns);
  if (!other) return;
  throw new AppError(
    'failed_precondition',
    `${other.model}/${other.number} does not take and give the columns that ${first!.model}/${first!.number} does: deploy it at an endpoint of its own`,
    { reason: 'other_columns' },
  );
};

/** Outputs by name and type: another number of classes is another length, and no other column. */
const columnsOf = ({ inputs, outputs }: Signature): string =>
  JSON.stringify([
    inputs.map(({ name, datatype, shape }) => [name, datatype, shape]),
    outputs.map(({ name, datatype, shape }) => [name, datatype, shape.length]),
  ]);
