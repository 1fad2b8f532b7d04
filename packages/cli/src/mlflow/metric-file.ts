import { open } from 'node:fs/promises';
import { AppError } from '@boucle/contract';
import type { MlflowPoint } from './source.ts';

/** A point a line: `<time> <value>`, or `<time> <value> <step>`, and from MLflow 3 on what it was measured of. */
export async function* pointsIn(file: string): AsyncGenerator<MlflowPoint> {
  const handle = await open(file);
  try {
    let number = 0;
    for await (const line of handle.readLines()) {
      number += 1;
      if (line.trim() !== '') yield pointOf(line, `${file}:${number}`);
    }
  } finally {
    await handle.close();
  }
}

export const pointOf = (line: string, at: string): MlflowPoint => {
  const [timestamp = '', value = '', step = '0'] = line.trim().split(/\s+/);
  const real = realOf(value);
  if (!/^\d+$/.test(timestamp) || real === undefined || !/^-?\d+$/.test(step)) {
    throw new AppError('invalid_request', `${at} is no point of a metric: ${line.slice(0, 100)}`, { reason: 'bad_metric_line' });
  }
  return { timestamp: Number(timestamp), value: real, step: Number.isSafeInteger(Number(step)) ? Number(step) : step };
};

/** As Python prints them. Beyond the largest number there is only that. */
const realOf = (text: string): MlflowPoint['value'] | undefined => {
  const said = text.toLowerCase();
  if (said === 'nan') return 'NaN';
  if (/^[+-]?inf(inity)?$/.test(said)) return said.startsWith('-') ? -Number.MAX_VALUE : Number.MAX_VALUE;
  const value = text === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? undefined : Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
};
