import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createClient } from '@boucle/sdk';
import { loadConfig, startServer } from '@boucle/server';
import { layOutFacts } from '../interop/lay-out-facts.ts';
import { pythonEnvironment } from '../interop/python-environment.ts';

/**
 * Holds a running server and its files against programs that others wrote: clients in Python, from their own packages.
 * With names of suites, only these: `node scripts/interop.ts mlflow_search.py by-hand/mlflow_torch.py`.
 */
const asked = process.argv.slice(2);
const root = path.join(import.meta.dirname, '..');
const suites = path.join(root, 'interop');
/** What is too much for every change: it runs when it is named. */
const byHand = path.join(suites, 'by-hand');
/** They ask about the server as a whole: its memory, and whether all that it serves is ready. */
const alone = new Set(['mlflow_files.py', 'open_inference.py', 'triton_aio.py', 'triton_http.py']);
/** Much more than they need, for machines that have much else to do; some wait for environments that pip makes. */
const secondsEach = 900;
/** Of a second server, which asks everybody who they are. */
const adminToken = randomBytes(16).toString('hex');
const counts = { passed: 0, failed: 0 };
const fail = (line: string): void => {
  counts.failed++;
  console.log(`failed  ${line}`);
};

const runSuite = (python: string, suite: string, facts: string): Promise<void> =>
  new Promise((resolve) => {
    const env = { ...process.env, BOUCLE_INTEROP: facts, PYTHONPATH: suites, PYTHONPYCACHEPREFIX: path.join(root, '.venv', 'pycache') };
    const child = spawn(python, [path.join(suites, suite)], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: secondsEach * 1000,
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
  const pythonOf = (suite: string): string =>
    suite.startsWith('by-hand/') ? pythonEnvironment(path.join(byHand, '.venv'), path.join(byHand, 'requirements.txt')) : python;
  const server = await startServer(
    await loadConfig({
      env: {},
      flags: { port: 0, data: path.join(folder, 'data'), logLevel: 'error', checkAnswers: true, allowCalls: '127.0.0.1' },
    }),
  );
  const guarded = await startServer(
    await loadConfig({
      env: {},
      flags: { port: 0, data: path.join(folder, 'guarded'), logLevel: 'error', checkAnswers: true, auth: true, adminToken },
    }),
  );
  try {
    const facts = await layOutFacts(createClient({ baseUrl: server.address }), {
      url: server.address,
      guarded: { url: guarded.address, token: adminToken },
      folder,
    });
    const all = asked.length > 0 ? asked : globSync('*_*.py', { cwd: suites }).sort();
    const run = (suite: string): Promise<void> => runSuite(pythonOf(suite), suite, facts);
    for (const suite of all.filter((one) => alone.has(one))) await run(suite);
    // A suite waits half of its time: for its client to load, for the server, for pip.
    const others = all.filter((one) => !alone.has(one));
    const lane = async (): Promise<void> => {
      for (let suite = others.shift(); suite !== undefined; suite = others.shift()) await run(suite);
    };
    await Promise.all([lane(), lane()]);
  } finally {
    await guarded.close();
    await server.close();
  }
  if (asked.length === 0) runReplay(python);
} catch (error) {
  fail(`interop: ${(error as Error).stack}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
