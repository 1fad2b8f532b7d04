import { parse } from 'yaml';
import { damaged } from '../package/package-file.ts';

/** Plain values of YAML 1.2: no tag makes an object of its own kind, and aliases cannot make much of little. */
export const yamlOf = (name: string, text: string): unknown => {
  try {
    return parse(text, { schema: 'core', maxAliasCount: 100, logLevel: 'error', uniqueKeys: true, strict: true }) as unknown;
  } catch (cause) {
    // Nested beyond the stack is a RangeError, all else a YAMLError.
    throw damaged(`${name} is not YAML`, cause);
  }
};
