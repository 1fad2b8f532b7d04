import path from 'node:path';
import { type Reader, text, wrong } from './fields.ts';

const longest = 2048;

/** Where an experiment's clients keep artifacts is theirs to say; a path is taken from the folder that the server runs in. */
export const artifactLocation: Reader<string> = (value, at) => {
  const given = text(value, at);
  if (given.length > longest) throw wrong(at, given, `it exceeds the maximum length of ${longest} characters`);
  if (given.startsWith('runs:')) throw wrong(at, given, 'it must be a place of its own, not within a run');
  if (/[#;]/.test(given)) throw wrong(at, given, "it can't include fragments or params");
  if (climbs(given.slice(given.indexOf('?') + 1 || given.length))) throw wrong(at, given, 'its query must not climb out of a folder');
  if (/^file:(?!\/)/.test(given)) return `file://${path.resolve(given.slice('file:'.length))}`;
  return /^[a-z][a-z0-9+.-]+:/i.test(given) ? given : path.resolve(given);
};

/** However often it is encoded. */
const climbs = (query: string): boolean => {
  if (query.includes('..')) return true;
  const decoded = query.replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return decoded !== query && climbs(decoded);
};
