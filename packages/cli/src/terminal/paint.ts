import { styleText } from 'node:util';
import type { Output } from '../io.ts';

export type Format = Parameters<typeof styleText>[0];
/** Colours a text where the stream is a terminal that wants them, and NO_COLOR does not speak against it. */
export type Paint = (format: Format, text: string) => string;

export const plain: Paint = (_, text) => text;
export const paintFor =
  (stream: Output): Paint =>
  (format, text) =>
    stream.isTTY ? styleText(format, text, { stream }) : text;
