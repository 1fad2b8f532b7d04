import { defineConfig } from 'oxlint';

/** Who may import whom is in scripts/imports/table.ts, with a checker of its own. */
export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn'],
  categories: { correctness: 'error' },
  ignorePatterns: ['**/dist/**', '**/node_modules/**'],
  rules: {
    'import/no-default-export': 'error',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'max-lines': ['warn', { max: 400, skipBlankLines: true, skipComments: true }],
    // Our objects are closures: their functions need no `this`.
    'typescript/unbound-method': 'off',
    'max-params': ['warn', { max: 3 }],
    'no-control-regex': 'off',
    'no-empty': ['error', { allowEmptyCatch: false }],
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': [
      'error',
      { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['test', 'describe', 'it', 'before', 'after'] }] },
    ],
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  },
  overrides: [{ files: ['**/*.config.ts', '**/boucle.config.ts'], rules: { 'import/no-default-export': 'off' } }],
});
