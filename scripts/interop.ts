import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createClient } from '@boucle/sdk';
import { loadConfig, startServer } from '@boucle/server';
import { layOutFacts } from '../interop/lay-out-facts.ts';
import { pythonEnvironment } from '../interop/python-environment.ts';

/** Holds a running server and its files against programs that others wrote: clients in Python, from their own packages. */
const root = path.join(import.meta.dirname, '..');
const suites = path.join(root, 'interop');
const secondsEach = 60;
const counts = { passed: 0, failed: 0 };
const fail = (line: string): void => {
  counts.failed++;
  console.log(`failed  ${line}`);
};

const runSuite = (python: string, suite: string, facts: string): Promise<void> =>
  new Promise((resolve) => {
    const env = { ...process.env, BOUCLE_INTEROP: facts, PYTHONPYCACHEPREFIX: path.join(root, '.venv', 'pycache') };
    const child = spawn(python, [path.join(suites, suite)], { env, stdio: ['ignore', 'pipe', 'inherit'], timeout: secondsEach * 1000 });
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('ok ')) counts.passed++;
      if (line.startsWith('failed ')) counts.failed++;
      console.log(line);
    });
    child.on('error', (error) => fail(`${suite}: ${error.message}`));
    child.on('close', (code, signal) => {
      if (code !== 0) fail(`${suite}: ended with ${signal ?? code}`);
      resolve();
    });
  });

const folder = await mkdtemp(path.join(tmpdir(), 'boucle-interop-'));
try {
  const python = pythonEnvironment(path.join(root, '.venv'), path.join(suites, 'requirements.txt'));
  const server = await startServer(
    await loadConfig({ env: {}, flags: { port: 0, data: path.join(folder, 'data'), logLevel: 'error', checkAnswers: true } }),
  );
  try {
    const facts = await layOutFacts(createClient({ baseUrl: server.address }), { url: server.address, folder });
    for (const suite of globSync('*_*.py', { cwd: suites }).sort()) await runSuite(python, suite, facts);
  } finally {
    await server.close();
  }
} catch (error) {
  fail(`interop: ${(error as Error).stack}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
