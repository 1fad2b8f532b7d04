import { invalid } from '@boucle/contract';

export interface TextRows {
  readonly texts: readonly string[];
  readonly labels: readonly string[];
}

export const maxLabels = 1000;
const maxLabelLength = 1000;

/** Rows come from files, where a missing value has many forms. */
const isMissing = (label: unknown): boolean => label === null || label === undefined || label === '' || Number.isNaN(label);

/** Refuses rows that nothing can be learned from, and returns their labels, sorted by code unit. */
export const labelsOf = ({ texts, labels }: TextRows): string[] => {
  if (texts.length !== labels.length) throw invalid(`There are ${texts.length} texts and ${labels.length} labels`, 'unequal_lengths');
  if (texts.length === 0) throw invalid('There are no rows to train on; look at what the steps before have filtered out', 'no_rows');
  texts.forEach((text, row) => {
    if (typeof text !== 'string')
      throw invalid(`Row ${row} (the first is 0) has no text; drop such rows before training`, 'missing_text', { row });
  });
  labels.forEach((label, row) => {
    if (isMissing(label))
      throw invalid(`Row ${row} (the first is 0) has no label; drop such rows before training`, 'missing_label', { row });
    if (typeof label !== 'string')
      throw invalid(`Row ${row} (the first is 0) has the label ${String(label)}; labels are text`, 'wrong_type', { row });
  });
  const distinct = [...new Set(labels)].sort();
  const [only] = distinct;
  if (distinct.length === 1) {
    throw invalid(
      `Every row has the label ${JSON.stringify(only?.slice(0, 100))}; a classifier needs rows of at least two`,
      'single_label',
    );
  }
  if (distinct.length > maxLabels) {
    throw invalid(
      `The label column has ${distinct.length} different values in ${labels.length} rows, more than ${maxLabels}: it looks like an id or a number; choose another column`,
      'too_many_labels',
      { count: distinct.length, limit: maxLabels },
    );
  }
  const long = distinct.find((label) => label.length > maxLabelLength);
  if (long !== undefined) {
    throw invalid(
      `A label has ${long.length} characters, more than ${maxLabelLength}: the column looks like a text; choose another`,
      'label_too_long',
    );
  }
  return distinct;
};
