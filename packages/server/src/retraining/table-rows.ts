import { AppError, type Column } from '@boucle/contract';
import type { LabelledRow } from './quarantine.ts';

interface Dataset {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
}

/** Labelled predictions as rows of a dataset: inputs under their names, the label in its column, the prediction's id for a key that they lack. */
export const tableRows = (rows: readonly LabelledRow[], dataset: Dataset, label: string) => {
  const names = new Set(dataset.columns.map(({ name }) => name));
  const unlike = [...new Set(rows.flatMap(({ inputs }) => Object.keys(inputs ?? {})))].filter((name) => names.has(name) && name !== label);
  if (unlike.length === 0 || !names.has(label)) {
    throw new AppError(
      'failed_precondition',
      `Labelled predictions do not fit dataset ${dataset.name}: it has ${[...names].join(', ')}, and needs the model's inputs and "${label}"`,
      { reason: 'rows_do_not_fit' },
    );
  }
  const [key, ...others] = dataset.key.filter((name) => !unlike.includes(name));
  const type = dataset.columns.find(({ name }) => name === key)?.type.type;
  if (others.length > 0 || (key !== undefined && (type !== 'text' || key === label))) {
    throw new AppError(
      'failed_precondition',
      `Dataset ${dataset.name} names its rows by ${dataset.key.join(', ')}, which a prediction does not have: labels need a key of one text column, or of inputs`,
      { reason: 'rows_do_not_fit' },
    );
  }
  return {
    unlike,
    rows: rows.map(({ predictionId, inputs, label: said }) => ({
      ...Object.fromEntries(unlike.map((name) => [name, inputs?.[name] ?? null])),
      ...(key !== undefined && { [key]: predictionId }),
      [label]: said,
    })),
  };
};
