import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { startPostgres } from '../packages/server/src/testing/postgres.ts';

/**
 * All tests, each file in a process of its own, against one Postgres started for the run.
 * `--unit` leaves out those under `test/` (processes that are killed, big inputs, many rounds); further arguments are globs.
 */
const args = process.argv.slice(2);
const unit = args.includes('--unit');
const globs = args.filter((arg) => !arg.startsWith('--'));
const patterns =
  globs.length > 0
    ? globs
    : ['packages/*/src/**/*.test.{ts,tsx}', '{scripts,examples}/**/*.test.ts', ...(unit ? [] : ['packages/*/test/**/*.test.ts'])];
const root = path.join(import.meta.dirname, '..');
const files = [...new Set(patterns.flatMap((pattern) => globSync(pattern, { cwd: root, exclude: ['**/node_modules/**'] })))]
  .sort()
  .map((file) => path.join(root, file));

const postgres = await startPostgres();
process.env['BOUCLE_TEST_POSTGRES'] = postgres.url;
const counts = { passed: 0, failed: 0, skipped: 0 };
const stream = run({ files, concurrency: Math.max(2, availableParallelism()), timeout: 300_000 });
stream.on('test:pass', ({ details, skip }) => {
  if (details.type === 'suite') return;
  if (skip !== undefined && skip !== false) counts.skipped++;
  else counts.passed++;
});
stream.on('test:fail', ({ details }) => {
  if (details.type !== 'suite') counts.failed++;
});
const printed = stream.compose(new spec());
for await (const chunk of printed) process.stdout.write(chunk as string);
await postgres.stop();
console.log(`${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`);
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);
