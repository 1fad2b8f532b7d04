import { copyFile } from 'node:fs/promises';
import { Type } from 'typebox';
import type { ExpectationResult, ValidationResult } from '@boucle/contract';
import type { Suite } from '../dataset.ts';
import type { StepOptions } from '../draft.ts';
import { type Handle, table, value } from '../port.ts';
import { defineStep } from '../step.ts';
import { wholeTableOf } from '../whole-table.ts';
import type { Same } from './rows.ts';

const Result = Type.Unsafe<ValidationResult>(Type.Object({ success: Type.Boolean(), results: Type.Array(Type.Unknown()) }));
type Validate = <Row>(
  args: { data: Same<Row>; suite: Suite<Extract<keyof Row, string>> },
  options?: StepOptions,
) => { data: Same<Row>; result: Handle<ValidationResult> };

/** The suite is given by its content, so that an edited expectation is another step. Failed errors stop what comes after. */
export const validate = defineStep(import.meta, 'validate', {
  inputs: { data: table({}) },
  params: { suite: Type.Unsafe<Suite>(Type.Array(Type.Unknown())) },
  outputs: { data: table({}), result: value(Result) },
  run: async ({ data, suite }, { out, log }) => {
    const { checkSuite } = await import('@boucle/data');
    const result = await checkSuite(
      data.path,
      suite.map(({ columns, ...rest }) => ({ ...rest, columns: [...columns] })),
    );
    for (const one of result.results) log(sentence(one));
    const stopping = result.results.filter(({ expectation, outcome }) => outcome !== 'passed' && expectation.level !== 'warning');
    if (stopping.length > 0) {
      const { AppError } = await import('@boucle/contract');
      throw new AppError('failed_precondition', `The data does not meet its expectations. ${stopping.map(sentence).join('. ')}`, {
        reason: 'expectations_failed',
        details: { results: stopping },
      });
    }
    await copyFile(data.path, wholeTableOf(out.data).path);
    out.result.set(result);
  },
}) as unknown as Validate;

const sentence = ({ expectation, outcome, rows, unexpected, samples, message }: ExpectationResult): string => {
  const what = `${expectation.type} on ${expectation.columns.join(', ')}`;
  if (outcome === 'passed') return `${what}: passed${unexpected > 0 ? `, with ${unexpected} of ${rows} rows unexpected` : ''}`;
  if (outcome === 'errored') return `${what}: could not be checked${message ? `, ${message}` : ''}`;
  const shown = samples.slice(0, 3).map((s) => `${s._row} (${JSON.stringify(s.value)?.slice(0, 80)})`);
  return `${what}: ${unexpected} of ${rows} rows are unexpected${shown.length > 0 ? `, such as ${shown.join(', ')}` : ''}`;
};
