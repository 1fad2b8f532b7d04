import { inspect } from 'node:util';

/** Anything can be thrown. */
export const errorOf = (thrown: unknown): Error =>
  thrown instanceof Error
    ? thrown
    : new Error(`It threw what is not an Error: ${inspect(thrown, { breakLength: Infinity }).slice(0, 500)}`);
