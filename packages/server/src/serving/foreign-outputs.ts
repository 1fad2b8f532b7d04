import { AppError, type Columns, type TensorSpec } from '@boucle/contract';
import { checkColumns } from '@boucle/models';

/** What a program of somebody else answered, held against what the model's signature says comes out. One column without a name gets it from there. */
export const agreeing = (specs: readonly TensorSpec[], outputs: Columns): Columns => {
  const [values, ...others] = Object.values(outputs);
  const [only] = specs;
  const named = specs.length === 1 && only && values && others.length === 0 ? { [only.name]: values } : outputs;
  // What comes beyond the signature is nobody's column.
  const wanted = Object.fromEntries(specs.flatMap(({ name }) => (Object.hasOwn(named, name) ? [[name, named[name]!]] : [])));
  try {
    checkColumns(specs, wanted);
  } catch (cause) {
    throw new AppError(
      'internal',
      `The model does not answer as its signature says: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        reason: 'wrong_outputs',
        cause,
      },
    );
  }
  return wanted;
};
