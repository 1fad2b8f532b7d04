import { readFileSync } from 'node:fs';

/**
 * Imported before the tests: properties are tried on the same values each time, so that what a change is judged by does not
 * depend on luck. `BOUCLE_TEST_SEED=random` looks elsewhere, `BOUCLE_TEST_SEED=<number>` where somebody looked before.
 */
export const pinnedSeed = 20_261_121;
const asked = process.env['BOUCLE_TEST_SEED'] ?? String(pinnedSeed);
const file = process.argv.length === 2 ? process.argv[1]! : undefined;
// To load the library takes longer than most files of tests that do not use it.
if (asked !== 'random' && (file === undefined || readFileSync(file, 'utf8').includes('fast-check'))) {
  const { configureGlobal } = await import('fast-check');
  configureGlobal({ seed: Number(asked) });
}
