import { invalid } from '@boucle/contract';
import type { About } from '../../serving/index.ts';

const names = {
  eventTime: 'boucle-event-time',
  unit: 'boucle-unit',
  subject: 'boucle-subject',
  correlationId: 'boucle-correlation-id',
} as const;

/** What a caller says of a request beside its rows: in headers, or in the `parameters` of the Open Inference Protocol. */
export const callerSays = (said: Readonly<Record<string, unknown>>): Partial<About> => {
  const about: Partial<Record<keyof typeof names, string>> = {};
  for (const [key, name] of Object.entries(names) as [keyof typeof names, string][]) {
    const value = said[name];
    if (value !== undefined) about[key] = readers[key](name, value);
  }
  return about;
};

const textOf = (name: string, value: unknown): string => {
  if (typeof value === 'string' && value !== '' && value.length <= 250 && !/\p{Cc}/u.test(value)) return value;
  throw invalid(`${name} must be a text of 1 to 250 characters`, 'bad_parameter', { name });
};
const readers = {
  unit: textOf,
  subject: textOf,
  correlationId: (name: string, value: unknown): string => {
    if (typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)) return value;
    throw invalid(`${name} must have 32 hexadecimal digits`, 'bad_parameter', { name });
  },
  eventTime: (name: string, value: unknown): string => {
    const isZoned = typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value);
    const time = isZoned ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(time))
      throw invalid(`${name} must be a time in ISO 8601 with its zone, such as 2026-01-31T12:00:00Z`, 'bad_parameter', { name });
    return new Date(time).toISOString();
  },
};
