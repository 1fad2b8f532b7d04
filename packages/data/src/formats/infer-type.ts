import type { LogicalType } from '@boucle/contract';
import { parseDays, parseMoment } from '../cells/calendar.ts';
import { intCell, specialFloat } from '../cells/numbers.ts';

const kinds = ['bool', 'int', 'float', 'date', 'timestamp', 'local timestamp'] as const;
type Kind = (typeof kinds)[number];

/**
 * Which types a text could be. Strict on purpose: what a reader would not get back as it stood stays text, so leading zeros, signs of plus,
 * integers beyond 64 bits and digits beyond the microsecond do.
 */
const kindsOf = (text: string): readonly Kind[] => {
  const first = text.charCodeAt(0);
  if (first > 57) return /^(true|false)$/i.test(text) ? ['bool'] : specialFloat(text) === undefined ? [] : ['float'];
  if (/^(?:0|-?[1-9]\d{0,18})$/.test(text)) {
    const whole = intCell.parse(text);
    return whole === undefined ? [] : typeof whole === 'bigint' ? ['int'] : ['int', 'float'];
  }
  if (/^-?(?:(?:0|[1-9]\d*)\.\d*|\.\d+|(?:0|[1-9]\d*)(?:\.\d*)?[eE][+-]?\d+)$/.test(text)) return ['float'];
  if (specialFloat(text) !== undefined) return ['float'];
  if (parseDays(text) !== undefined) return ['date'];
  const moment = parseMoment(text);
  return moment ? [moment.zoned ? 'timestamp' : 'local timestamp'] : [];
};

/** Sees every value of one column and says at the end what all of them are. */
export class TypeInference {
  #left: readonly Kind[] = kinds;
  #seen = false;
  /** NaN alone makes no column of numbers. */
  #number = false;

  see(text: string): void {
    if (this.#left.length === 0) return;
    this.#seen = true;
    const possible = kindsOf(text);
    this.#number ||= specialFloat(text) === undefined;
    this.#left = this.#left.filter((kind) => possible.includes(kind));
  }
  /** Without any value, text. */
  get type(): LogicalType {
    const [kind] = this.#left;
    return { type: this.#seen && kind && this.#number ? kind : 'text' };
  }
}
