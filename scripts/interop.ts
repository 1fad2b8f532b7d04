import { spawn, spawnSync } from 'node:child_process';
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
const secondsEach = 120;
/** They wait for environments that pip makes. */
const slowSuites: Readonly<Record<string, number>> = { 'python_project.py': 900, 'served_models.py': 900 };
const counts = { passed: 0, failed: 0 };
const fail = (line: string): void => {
  counts.failed++;
  console.log(`failed  ${line}`);
};

const runSuite = (python: string, suite: string, facts: string): Promise<void> =>
  new Promise((resolve) => {
    const env = { ...process.env, BOUCLE_INTEROP: facts, PYTHONPYCACHEPREFIX: path.join(root, '.venv', 'pycache') };
    const child = spawn(python, [path.join(suites, suite)], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: (slowSuites[suite] ?? secondsEach) * 1000,
    });
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

/** Random calls to Boucle and to MLflow's own server, where that one is installed: interop/replay. */
const replayed = 40;
const runReplay = (python: string): void => {
  if (spawnSync(python, ['-c', 'import alembic, flask, mlflow.server'], { stdio: 'ignore' }).status !== 0)
    return console.log('skipped replay: it needs MLflow whole, and its client is what is installed here');
  const replay = path.join(suites, 'replay', 'run.ts');
  const { status, stdout } = spawnSync(process.execPath, [replay, '--python', python, '--seed', '1', '--sequences', String(replayed)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 600_000,
  });
  if (status !== 0) return fail(`replay:\n${stdout}`);
  counts.passed++;
  console.log(`ok replay: ${stdout.trim().split('\n').at(-1)}`);
};

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
  runReplay(python);
} catch (error) {
  fail(`interop: ${(error as Error).stack}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
