import { type AskedVariant, invalid } from '@boucle/contract';
import { InvalidArgumentError } from 'commander';

/** Gathers `--variant name=model:share`, or `--shadow`, into a list. Neither a name holds a `=`, nor a model a `:`. */
export const intoVariants =
  (mode: NonNullable<AskedVariant['mode']>) =>
  (text: string, before: readonly AskedVariant[] = []): AskedVariant[] => {
    const [, name = '', model = '', share = ''] = /^([^=]+)=(.+):([^:]+)$/.exec(text) ?? [];
    const isShare = /^(\d+\.?\d*|\.\d+)$/.test(share) && Number(share) <= 1;
    if (!isShare)
      throw new InvalidArgumentError('Write it as name=model@alias:share or name=model/number:share, with a share from 0 to 1.');
    return [...before, { name, mode, share: Number(share), model }];
  };

interface Asked {
  readonly model?: string | undefined;
  readonly variant?: readonly AskedVariant[] | undefined;
  readonly shadow?: readonly AskedVariant[] | undefined;
}

/** What `deploy` is asked for: one model, or variants; a model beside shadows is the one that answers. */
export const askedModels = ({ model, variant, shadow = [] }: Asked): { model?: string; variants?: AskedVariant[] } => {
  if (model !== undefined && variant)
    throw invalid('Say --model or --variant, not both: a variant names its own model', 'model_and_variants');
  if (variant) return { variants: [...variant, ...shadow] };
  if (shadow.length === 0) return model === undefined ? {} : { model };
  if (model === undefined) throw invalid('A shadow answers nobody: say beside it with --model or --variant what does', 'no_live_variant');
  return { variants: [{ name: 'main', mode: 'live', share: 1, model }, ...shadow] };
};
