import { AppError } from '@boucle/contract';

/** One field: null where nothing stood, '' where two quotes did. */
export type Field = string | null;

export interface CsvOptions {
  readonly delimiter: string;
  /** Bytes that one field may have. */
  readonly fieldBytes: number;
  /** Fields that one row may have. */
  readonly fields: number;
  /** `line` is where the row begins. */
  onRow(fields: Field[], line: number): void;
}

const [LF, CR, QUOTE] = [10, 13, 34];

/**
 * RFC 4180 over pieces of text, cut anywhere. Rows end with LF, CRLF or CR; a quote inside an unquoted field stands for itself;
 * what follows a closing quote, or a quote never closed, is refused, since all that comes after it would be guessed.
 */
export class CsvParser {
  readonly #options: CsvOptions;
  readonly #delimiter: number;
  #state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  /** What earlier pieces, or earlier parts of a quoted field, said of the field at hand. */
  #held = '';
  #row: Field[] = [];
  #line = 1;
  #rowLine = 1;
  /** A CR at the end of a piece waits for its LF. */
  #carry = '';

  constructor(options: CsvOptions) {
    this.#options = options;
    this.#delimiter = options.delimiter.charCodeAt(0);
  }
  /** Where the parser stands: the line, and the field counted from 1. */
  get position(): { line: number; field: number } {
    return { line: this.#line, field: this.#row.length + 1 };
  }

  push(piece: string): void {
    let text = this.#carry + piece;
    this.#carry = text.endsWith('\r') ? '\r' : '';
    if (this.#carry) text = text.slice(0, -1);
    this.#parse(text);
    if (this.#held.length > this.#options.fieldBytes) throw this.#tooLarge();
  }
  end(): void {
    this.#parse(this.#carry);
    this.#carry = '';
    if (this.#state === 'quoted')
      throw this.#refuse(
        'opens a quote that is never closed: close it, or double it where it belongs to the text',
        'quote_open',
        this.#rowLine,
      );
    if (this.#state !== 'start' || this.#row.length > 0) this.#endRow();
  }

  #parse(text: string): void {
    let at = 0;
    while (at < text.length) {
      switch (this.#state) {
        case 'start':
          if (text.charCodeAt(at) === QUOTE) {
            this.#state = 'quoted';
            at++;
          } else this.#state = 'plain';
          break;
        case 'plain':
          at = this.#plain(text, at);
          break;
        case 'quoted':
          at = this.#quoted(text, at);
          break;
        case 'closed':
          at = this.#afterQuote(text, at);
          break;
      }
    }
  }
  #plain(text: string, from: number): number {
    const delimiter = this.#delimiter;
    let at = from;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === delimiter || code === LF || code === CR) break;
    }
    this.#held = this.#held === '' ? text.slice(from, at) : this.#held + text.slice(from, at);
    return at < text.length ? this.#separator(text, at) : at;
  }
  #quoted(text: string, from: number): number {
    const quote = text.indexOf('"', from);
    const part = text.slice(from, quote < 0 ? undefined : quote);
    this.#held += part;
    this.#countLines(part);
    if (quote < 0) return text.length;
    this.#state = 'closed';
    return quote + 1;
  }
  #afterQuote(text: string, at: number): number {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      this.#held += '"';
      this.#state = 'quoted';
      return at + 1;
    }
    if (code !== this.#delimiter && code !== LF && code !== CR)
      throw this.#refuse('has text after its closing quote; write a quote inside quotes twice', 'quote_closed', this.#line);
    return this.#separator(text, at);
  }
  /** At a delimiter or the end of a line: ends the field, and perhaps the row. */
  #separator(text: string, at: number): number {
    if (text.charCodeAt(at) === this.#delimiter) {
      this.#endField();
      // A row that ends with a delimiter has one more, empty field; "start" alone would forget it.
      this.#state = 'start';
      return at + 1;
    }
    const next = text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
    this.#endRow();
    this.#rowLine = ++this.#line;
    return next;
  }
  #endField(): void {
    const { fieldBytes, fields } = this.#options;
    if (this.#held.length * 3 > fieldBytes && Buffer.byteLength(this.#held) > fieldBytes) throw this.#tooLarge();
    if (this.#row.length >= fields)
      throw this.#refuse(`is one more than the ${fields} that a row may have`, 'too_many_columns', this.#line);
    this.#row.push(this.#held === '' && this.#state !== 'closed' ? null : this.#held);
    this.#held = '';
  }
  #endRow(): void {
    this.#endField();
    this.#state = 'start';
    const row = this.#row;
    this.#row = [];
    this.#options.onRow(row, this.#rowLine);
  }
  #countLines(part: string): void {
    for (let at = part.indexOf('\n'); at >= 0; at = part.indexOf('\n', at + 1)) this.#line++;
    for (let at = part.indexOf('\r'); at >= 0; at = part.indexOf('\r', at + 1)) if (part.charCodeAt(at + 1) !== LF) this.#line++;
  }
  #tooLarge(): AppError {
    return new AppError(
      'too_large',
      `Line ${this.#line}, field ${this.#row.length + 1}: more than ${this.#options.fieldBytes} bytes in one field: look for a quote too many, or keep such content in a file of its own`,
      {
        reason: 'field_too_large',
        details: { line: this.#line, field: this.#row.length + 1, limit: this.#options.fieldBytes },
      },
    );
  }
  #refuse(problem: string, reason: string, line: number): AppError {
    const field = this.#row.length + 1;
    return new AppError('invalid_request', `Line ${line}, field ${field} ${problem}`, { reason, details: { line, field } });
  }
}
