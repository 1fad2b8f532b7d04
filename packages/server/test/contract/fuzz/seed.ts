import fc from 'fast-check';

const given = Number(process.env['BOUCLE_TEST_SEED']);
/** The same seed asks the same again: that of the whole run, that which is given, or another each time. */
export const seed = fc.readConfigureGlobal().seed ?? (Number.isInteger(given) ? given : Date.now() % 2 ** 31);
/** More patience asks longer. */
export const patience = Number(process.env['BOUCLE_TEST_PATIENCE'] ?? 1);
