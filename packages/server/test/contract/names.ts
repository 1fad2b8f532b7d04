export { project } from '../../src/testing/small-project.ts';
export const endpoint = 'texts';
export const model = 'texts';

let made = 0;
/** A name that was never used. */
export const aNewName = (): string => `made-${++made}`;
