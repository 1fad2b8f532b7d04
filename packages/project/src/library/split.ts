import { Type } from 'typebox';
import type { StepOptions } from '../draft.ts';
import { withDefault } from '../param.ts';
import { type Handle, table } from '../port.ts';
import { defineStep } from '../step.ts';
import { wholeTableOf } from '../whole-table.ts';
import type { Same } from './rows.ts';

const rows = table({});
type Split = <Row>(
  args: { data: Same<Row>; stratify?: Extract<keyof Row, string>; validation?: number; test?: number; seed: number | Handle<number> },
  options?: StepOptions,
) => { train: Same<Row>; validation: Same<Row>; test: Same<Row> };

/** The side comes from a hash of seed and identity: rows added later move nobody. */
export const split = defineStep(import.meta, 'split', {
  inputs: { data: rows },
  params: {
    stratify: withDefault(Type.String(), ''),
    validation: withDefault(Type.Number({ minimum: 0, exclusiveMaximum: 1 }), 0.1),
    test: withDefault(Type.Number({ minimum: 0, exclusiveMaximum: 1 }), 0.2),
    seed: Type.Integer(),
  },
  outputs: { train: rows, validation: rows, test: rows },
  run: async ({ data, stratify, ...options }, { out, log }) => {
    const { splitTable } = await import('@boucle/data');
    const sides = { train: wholeTableOf(out.train), validation: wholeTableOf(out.validation), test: wholeTableOf(out.test) };
    const paths = { train: sides.train.path, validation: sides.validation.path, test: sides.test.path };
    const written = await splitTable(data.path, paths, { ...options, ...(stratify && { stratify }) });
    for (const side of ['train', 'validation', 'test'] as const) {
      sides[side].adopt(written[side]);
      log(`${side}: ${written[side].rows} rows`);
    }
  },
}) as unknown as Split;
