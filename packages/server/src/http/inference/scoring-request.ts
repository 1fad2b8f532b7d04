import { type Columns, invalid, type Signature, type TensorSpec } from '@boucle/contract';
import { readCsv } from './csv.ts';

const forms = ['dataframe_split', 'dataframe_records', 'instances', 'inputs'] as const;

/** The JSON of MLflow's scoring protocol: exactly one of four forms, and perhaps `params`. */
export const readScoringJson = (body: unknown, { inputs }: Signature): Columns => {
  if (!isRecord(body)) throw invalid(`The body must be an object with one of ${forms.join(', ')}`, 'bad_request_body');
  const given = forms.filter((form) => Object.hasOwn(body, form));
  const [form] = given;
  if (!form || given.length > 1) {
    throw invalid(
      `The body must have exactly one of ${forms.join(', ')}; it has ${given.length === 0 ? 'none' : given.join(' and ')}`,
      'bad_request_body',
    );
  }
  return readers[form](body[form], inputs);
};

/** A header row and rows; what a field means, the signature says. */
export const readScoringCsv = (text: string, { inputs }: Signature): Columns => {
  const [columns, ...data] = readCsv(text);
  if (!columns) throw invalid('The body is empty: send a header row and rows', 'no_rows');
  const specs = columns.map((name) => inputs.find((spec) => spec.name === name));
  return fromSplit({ columns, data: data.map((row) => row.map((field, i) => valueOf(field, specs[i]))) });
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const fromSplit = (split: unknown): Columns => {
  const { columns, data } = isRecord(split) ? split : {};
  if (!Array.isArray(columns) || !columns.every((name) => typeof name === 'string') || !Array.isArray(data)) {
    throw invalid('dataframe_split must have the lists "columns" and "data"', 'bad_request_body');
  }
  const odd = data.findIndex((row) => !Array.isArray(row) || row.length !== columns.length);
  if (odd !== -1)
    throw invalid(`Row ${odd} (the first is 0) is not a list of ${columns.length} values, one for each column`, 'wrong_shape', {
      row: odd,
    });
  if (new Set(columns).size < columns.length) throw invalid('A column is there twice', 'doubled_column');
  return Object.fromEntries(columns.map((name, i) => [name, (data as unknown[][]).map((row) => row[i])]));
};

const fromRecords = (records: unknown): Columns => {
  if (!Array.isArray(records)) throw invalid('dataframe_records must be a list of objects', 'bad_request_body');
  const odd = records.findIndex((record) => !isRecord(record));
  if (odd !== -1) throw invalid(`Row ${odd} (the first is 0) is not an object`, 'wrong_shape', { row: odd });
  const rows = records as Record<string, unknown>[];
  // A name that only a later row has is looked at too.
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return Object.fromEntries([...names].map((name) => [name, rows.map((row) => row[name])]));
};

const fromInstances = (instances: unknown, inputs: readonly TensorSpec[]): Columns => {
  if (!Array.isArray(instances)) throw invalid('instances must be a list of rows', 'bad_request_body');
  const [only] = inputs;
  if (inputs.length === 1 && only && !instances.some(isRecord)) return { [only.name]: instances };
  return fromRecords(instances);
};

const readers: Record<(typeof forms)[number], (given: unknown, inputs: readonly TensorSpec[]) => Columns> = {
  dataframe_split: fromSplit,
  dataframe_records: fromRecords,
  instances: fromInstances,
  inputs: (given, inputs) => (isRecord(given) ? columnsOf(given) : fromInstances(given, inputs)),
};

const columnsOf = (given: Readonly<Record<string, unknown>>): Columns => {
  const scalar = Object.keys(given).find((name) => !Array.isArray(given[name]));
  if (scalar !== undefined)
    throw invalid(`inputs must have a list of values for each column; ${JSON.stringify(scalar.slice(0, 100))} has none`, 'wrong_shape');
  return given as Columns;
};

const valueOf = (field: string, spec: TensorSpec | undefined): unknown => {
  switch (spec?.datatype) {
    case 'BOOL':
      return /^true$/i.test(field) ? true : /^false$/i.test(field) ? false : field;
    case 'INT64':
    case 'FP32':
    case 'FP64':
      return field.trim() === '' || Number.isNaN(Number(field)) ? field : Number(field);
    case 'BYTES':
    case undefined:
      return field;
  }
};
