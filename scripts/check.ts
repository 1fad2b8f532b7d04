import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Everything that can be said of the code within a minute. All of it runs, whatever fails; what failed is printed at the end. `--static` leaves the tests out. */
const checks: Readonly<Record<string, readonly string[]>> = {
  format: ['oxfmt', '--check', '.'],
  lint: ['oxlint', '--type-aware'],
  types: ['tsc', '-p', '.'],
  'types of the page': ['tsc', '-p', 'packages/web'],
  'dead code': ['knip'],
  'generated docs': ['node', 'scripts/docs.ts', '--check'],
  'unit tests': ['node', 'scripts/test.ts', '--unit'],
};

const run = (
  name: string,
  [command, ...args]: readonly string[],
): Promise<{ name: string; code: number; output: string; seconds: number }> =>
  new Promise((resolve) => {
    const start = performance.now();
    const child = spawn(command!, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, FORCE_COLOR: '0' } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => resolve({ name, code: 1, output: error.message, seconds: 0 }));
    child.on('close', (code) => resolve({ name, code: code ?? 1, output, seconds: (performance.now() - start) / 1000 }));
  });

const waiting = Object.entries(checks).filter(([name]) => name !== 'unit tests' || !process.argv.includes('--static'));
const failed: string[] = [];
const worker = async (): Promise<void> => {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { name, code, output, seconds } = await run(...next);
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`);
    if (code !== 0) failed.push(`\n— ${name} —\n${output.trim()}`);
  }
};
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker));
if (failed.length > 0) console.log(failed.join('\n'));
process.exitCode = failed.length > 0 ? 1 : 0;
