import { clip, value } from '../terminal/format.ts';
import type { Format, Paint } from '../terminal/paint.ts';

interface Entry {
  readonly time: string;
  readonly level: string;
  readonly message: string;
  readonly [fact: string]: unknown;
}
const colours: Readonly<Record<string, Format>> = { warn: 'yellow', error: 'red' };

/** A line of the server's log, which is JSON, for somebody who watches it. A stack keeps its lines. */
export const logLine = (line: string, paint: Paint): string => {
  const { time, level, message, ...facts } = JSON.parse(line) as Entry;
  const stacks = Object.values(facts).flatMap((fact) => (isError(fact) ? [fact.stack] : []));
  const rest = Object.entries(facts).map(([name, fact]) => `${name}=${clip(value(isError(fact) ? fact.message : fact), 200)}`);
  const head = `${paint('dim', time.slice(11, 19))} ${paint(colours[level] ?? [], message)}`;
  return `${[head, paint('dim', rest.join(' '))].filter(Boolean).join('  ')}\n${stacks.map((stack) => `${stack}\n`).join('')}`;
};

const isError = (fact: unknown): fact is { message: string; stack: string } =>
  typeof fact === 'object' && fact !== null && 'stack' in fact && typeof fact.stack === 'string';
