import assert from 'node:assert/strict';
import { availableParallelism, loadavg } from 'node:os';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import type { Failure } from '@boucle/contract';
import { makeManifest } from '@boucle/project/bundle';
import { isAlive, until } from '../processes/nasty.ts';
import {
  addExamples,
  applyProject,
  editProject,
  endOf,
  examples,
  project,
  runPipeline,
  startPipeline,
  writeProject,
} from '../../src/testing/small-project.ts';
import { type RunningServer, forAllTests, runBoucle, startServer, tempFolder } from './start-server.ts';
import { logOf, stepFile, untilLogged } from './steps.ts';
import { watchAnswers } from './watch-answers.ts';

interface Hostile {
  readonly body: string;
  readonly imports?: string;
  /** As written in a plan. */
  readonly options?: string;
  /** Undefined where it succeeds all the same. */
  readonly failure?: { readonly kind: Failure['kind']; readonly reason: string; readonly says: RegExp; readonly where?: string };
}
const spawns = `import { spawn } from 'node:child_process';`;
/** Where the first line of a body stands in its module. */
const bodyLine = 7;
const hostile: Readonly<Record<string, Hostile>> = {
  importing: {
    imports: `if (process.argv[1]?.endsWith('runner/child.ts')) throw new Error('libgomp.so.1 is missing');`,
    body: `out.answer.set(1);`,
    failure: { kind: 'user', reason: '', says: /^libgomp\.so\.1 is missing$/, where: 'steps/importing.ts:2' },
  },
  throwing: {
    body: `throw new TypeError('no such column: mood');`,
    failure: { kind: 'user', reason: '', says: /^no such column: mood$/, where: `steps/throwing.ts:${bodyLine}` },
  },
  exiting: {
    body: `process.exit(0);`,
    failure: {
      kind: 'user',
      reason: 'process_exit',
      says: /ended its process with status 0; return/,
      where: `steps/exiting.ts:${bodyLine}`,
    },
  },
  looping: {
    body: `for (;;);`,
    options: `timeout: '1s'`,
    failure: {
      kind: 'timeout',
      reason: 'timeout',
      says: /limit of 1s; give it more time with \{ timeout: '2s' \}/,
      where: `steps/looping.ts:${bodyLine}`,
    },
  },
  dawdling: {
    body: `await new Promise((resolve) => setTimeout(resolve, 600_000));`,
    options: `timeout: '1s'`,
    failure: { kind: 'timeout', reason: 'timeout', says: /limit of 1s/ },
  },
  waiting: {
    body: `await new Promise(() => {});`,
    failure: { kind: 'user', reason: 'never_settled', says: /waits for something that will not come/ },
  },
  flooding: {
    body: `const line = 'x'.repeat(1e6); for (;;) console.log(line);`,
    failure: { kind: 'user', reason: 'output_limit', says: /printed more than 32 MiB/ },
  },
  hoarding: {
    body: `const held = []; while (held.length < 512) held.push(Buffer.alloc(16 * 2 ** 20, 1)); out.answer.set(held.length);`,
    options: `resources: { memory: '400Mi' }`,
    failure: { kind: 'user', reason: 'memory_limit', says: /400 MiB is its limit.*\{ memory: '800Mi' \}/ },
  },
  collecting: {
    body: `const held = []; for (;;) held.push({ at: random(), text: String(random()) });`,
    options: `resources: { memory: '400Mi' }`,
    failure: { kind: 'user', reason: 'memory_limit', says: /\{ memory: '800Mi' \}/ },
  },
  deleting: {
    imports: `import { rmSync } from 'node:fs'; import path from 'node:path';`,
    body: `console.log('before'); rmSync(path.resolve('..'), { recursive: true }); out.answer.set(1);`,
    failure: { kind: 'user', reason: 'attempt_folder_gone', says: /removed the folder it works in/ },
  },
  crashing: { body: `process.abort();`, failure: { kind: 'user', reason: 'crashed', says: /crashed with SIGABRT/ } },
  leaking: { body: `setInterval(() => {}, 1000); out.answer.set(1);` },
  spawning: {
    imports: spawns,
    body: `const orphan = spawn('sleep', ['600'], { detached: true }); console.log('pid ' + orphan.pid); orphan.unref(); out.answer.set(1);`,
  },
};
const modules = Object.fromEntries(
  Object.entries(hostile).map(([name, { body, imports = '' }]) => [`steps/${name}.ts`, stepFile(name, body, { imports })]),
);

describe('other people’s code', () => {
  let server: RunningServer;
  let folder: string;
  const owner = forAllTests();

  before(async () => {
    folder = path.join(await tempFolder(owner), 'project');
    await writeProject(folder, {
      imports: ['well', 'stubborn', ...Object.keys(hostile)].map((id) => `import { ${id} } from './steps/${id}.ts';`).join('\n'),
      pipelines: {
        good: `{ inputs: {} }, () => { well({}); }`,
        resisting: `{ inputs: {} }, () => { stubborn({}); }`,
        ...Object.fromEntries(
          Object.entries(hostile).map(([name, { options = '' }]) => [
            `${name}Run`,
            `{ inputs: {} }, () => { ${name}({}, { ${options} }); }`,
          ]),
        ),
      },
      files: {
        ...modules,
        'steps/well.ts': stepFile('well', `out.answer.set(42);`),
        'steps/stubborn.ts': stepFile(
          'stubborn',
          `for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => console.log('no')); console.log('pid ' + process.pid);
           setInterval(() => {}, 1000); await new Promise(() => {});`,
        ),
      },
    });
    server = await startServer(owner, path.join(await tempFolder(owner), 'data'));
    await applyProject(server.client, folder);
    await addExamples(server.client, examples(20));
  });

  /** The next run works, and computes. */
  const worksOn = async () => {
    const run = await runPipeline(server.client, 'good', { cache: false });
    assert.deepEqual([run.status, run.steps[0]!.outputs['answer']?.value], ['succeeded', 42]);
  };

  for (const [name, { failure }] of Object.entries(hostile)) {
    test(`a step that is ${name} ${failure ? 'fails by itself, and says what happened and where' : 'ends with all it started'}`, async (t) => {
      const answers = watchAnswers(server);
      const run = await runPipeline(server.client, `${name}Run`);
      t.diagnostic(await answers.stop());
      const [step] = run.steps;
      const log = await logOf(server.client, step!.id);
      if (failure) {
        const { kind, reason, says, where } = failure;
        assert.deepEqual([run.status, step!.status, step!.attempt], ['failed', 'failed', 1]);
        t.diagnostic(JSON.stringify(step!.failure));
        assert.match(step!.failure!.message, says);
        assert.deepEqual([step!.failure!.kind, step!.failure!.reason ?? ''], [kind, reason]);
        // A loop is asked where it is while it goes on: on a machine that is far behind, the answer may come too late.
        const isBehind = reason === 'timeout' && loadavg()[0]! > 3 * availableParallelism();
        if (!isBehind) assert.equal(step!.failure!.where, where);
      } else {
        assert.deepEqual([run.status, step!.outputs['answer']?.value], ['succeeded', 1], JSON.stringify(step!.failure));
        const pid = /pid (\d+)/.exec(log)?.[1];
        if (pid) await until(() => !isAlive(Number(pid)), 1000);
      }
      await worksOn();
    });
  }

  test('a step that ignores SIGTERM is cancelled all the same', async (t) => {
    const answers = watchAnswers(server);
    const run = await startPipeline(server.client, 'resisting');
    const pid = Number(/pid (\d+)/.exec(await untilLogged(server.client, run.steps[0]!.id, /pid \d+/))![1]);
    await server.client.pipelineRuns.cancel({ params: { project, pipelineRunId: run.id } });
    const ended = await endOf(server.client, run);
    t.diagnostic(await answers.stop());
    const [step] = ended.steps;
    assert.deepEqual([ended.status, step!.status, step!.failure?.kind], ['cancelled', 'cancelled', 'cancelled']);
    assert.equal(isAlive(pid), false);
    assert.match(await logOf(server.client, step!.id), /^no$/m);
    await worksOn();
  });

  const configs: Readonly<Record<string, { code: string; says: RegExp; timeoutMs?: number }>> = {
    throws: { code: `throw new Error('no such suite');`, says: /boucle\.config\.ts:1: no such suite/ },
    exits: { code: `process.exit(0);`, says: /boucle\.config\.ts:1: it ends the process/ },
    floods: { code: `for (;;) console.log('x'.repeat(1e5));`, says: /boucle\.config\.ts:1: it prints without end/ },
    'leaks a timer': { code: `setInterval(() => {}, 1000);`, says: /boucle\.config\.ts:1: it leaves a timer running/ },
    'takes 8 GiB': {
      code: `const held = []; while (held.length < 512) held.push(Buffer.alloc(16 * 2 ** 20, 1));`,
      says: /it ran out of memory/,
    },
  };
  const configText = () => readFileSync(path.join(folder, 'boucle.config.ts'), 'utf8');
  for (const [what, { code, says }] of Object.entries(configs)) {
    test(`a configuration that ${what} is refused with its place, and applies nothing`, async (t) => {
      const before = configText();
      t.after(() => editProject(folder, { 'boucle.config.ts': before }));
      await editProject(folder, { 'boucle.config.ts': `${code}${before}` });
      const { status, stderr } = await runBoucle(['--url', server.address, 'apply'], folder);
      assert.equal(status, 6, stderr);
      assert.match(stderr, says);
      assert.equal((await currentManifest()).number, 1);
    });
  }
  const currentManifest = () => server.client.manifests.current({ params: { project } });

  test('a configuration in a loop is told where', async (t) => {
    const before = configText();
    t.after(() => editProject(folder, { 'boucle.config.ts': before }));
    await editProject(folder, { 'boucle.config.ts': `for (;;);${before}` });
    await assert.rejects(makeManifest(folder, { timeoutMs: 1500 }), {
      reason: 'config_timeout',
      message: /boucle\.config\.ts:1: it did not end within 1\.5 s/,
    });
  });
});
