import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { startPostgres } from '../packages/server/src/testing/postgres.ts';

/**
 * All tests, against one Postgres started for the run. `--unit` leaves out those under `test/` and `ops/` (processes that are killed,
 * large inputs, many rounds); further arguments are globs. Properties are tried on the same values each time: see `pin-seed.ts`.
 */
const args = process.argv.slice(2);
const unit = args.includes('--unit');
const globs = args.filter((arg) => !arg.startsWith('--'));
const everything = [
  'packages/*/src/**/*.test.{ts,tsx}',
  '{scripts,examples}/**/*.test.ts',
  ...(unit ? [] : ['packages/*/test/**/*.test.ts', 'ops/**/*.test.ts']),
];
const root = path.join(import.meta.dirname, '..');
const files = [
  ...new Set(
    (globs.length > 0 ? globs : everything).flatMap((pattern) => globSync(pattern, { cwd: root, exclude: ['**/node_modules/**'] })),
  ),
]
  .sort()
  .map((file) => path.join(root, file));

/** Pure code shares one process: a process for each file would take longer to start than to test. What opens databases or starts processes gets its own. */
const isPure = (file: string): boolean => /packages\/(contract|statistics|models|sdk|web)\/src\//.test(file);
const seeded = new URL('pin-seed.ts', import.meta.url).href;
const counts = { passed: 0, failed: 0, skipped: 0 };

/** One `node --test` over some files: its output goes through, its totals are added up. */
const carryOut = (some: readonly string[], flags: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    if (some.length === 0) return resolve();
    const child = spawn(process.execPath, ['--test', `--import=${seeded}`, '--test-reporter=spec', ...flags, ...some], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      process.stdout.write(text);
      rest += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const total = (what: string): number => Number([...rest.matchAll(new RegExp(`^ℹ ${what} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
      counts.passed += total('pass');
      counts.skipped += total('skipped') + total('todo');
      // A run that broke off before its totals has failed, whatever it says.
      counts.failed += Math.max(total('fail') + total('cancelled'), code === 0 ? 0 : 1);
      resolve();
    });
  });

const postgres = await startPostgres();
process.env['BOUCLE_TEST_POSTGRES'] = postgres.url;
const timeout = '--test-timeout=600000';
await carryOut(files.filter(isPure), ['--test-isolation=none', timeout]);
await carryOut(
  files.filter((file) => !isPure(file)),
  [`--test-concurrency=${availableParallelism() + 1}`, timeout],
);
await postgres.stop();
console.log(`${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`);
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);
