import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AppError } from '@boucle/contract';
import { type EvaluationLimits, evaluateConfig, makeManifest } from '../src/bundle/index.ts';
import { oneStepProject, temporaryFolder, writeProject } from '../src/testing/step-lab.ts';

const refusal = async (
  t: TestContext,
  config: string,
  { limits = {}, more = {} }: { limits?: EvaluationLimits; more?: Record<string, string> } = {},
) => {
  const folder = await temporaryFolder(t);
  await writeProject(folder, { 'boucle.config.ts': config, ...more });
  const error = await makeManifest(folder, limits).then(
    () => assert.fail('it was accepted'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof AppError, String(error));
  // A process of the configuration that still runs would hold its folder open.
  assert.equal(processesIn(folder), '');
  return error;
};
const processesIn = (folder: string): string =>
  existsSync('/proc')
    ? readdirSync('/proc')
        .map(commandOf)
        .filter((command) => command.includes(folder))
        .join('\n')
    : '';
const commandOf = (pid: string): string => {
  try {
    return /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
  } catch {
    return ''; // It ended in this moment.
  }
};

test('a configuration that throws is named with its line', async (t) => {
  const error = await refusal(t, `const a = 1;\n\nthrow new Error('no such thing');`);
  assert.equal(error.reason, 'config_threw');
  assert.equal(error.message, 'boucle.config.ts:3: no such thing');
});

test('a module that throws is named, not the configuration that imports it', async (t) => {
  const error = await refusal(t, `import './steps/bad.ts';`, { more: { 'steps/bad.ts': `export const x = 1;\nnull.f();` } });
  assert.equal(error.details['where'], 'steps/bad.ts:2');
});

test('what is no TypeScript is named with its line', async (t) => {
  const error = await refusal(t, `const a = 1;\nconst = 2;`);
  assert.equal(error.details['where'], 'boucle.config.ts:2');
});

test('a module that is not there is named by who wants it', async (t) => {
  const error = await refusal(t, `import './steps/work.ts';`, { more: { 'steps/work.ts': `import './gone.ts';` } });
  assert.match(error.message, /gone\.ts/);
  assert.equal(error.details['where'], 'steps/work.ts');
});

test('something thrown that is no Error is shown', async (t) => {
  const error = await refusal(t, `throw { code: 7 };`);
  assert.match(error.message, /code: 7/);
});

test('a configuration that ends the process is found out, with its line', async (t) => {
  const error = await refusal(t, `\nprocess.exit(0);`);
  assert.equal(error.reason, 'config_exited');
  assert.equal(error.details['where'], 'boucle.config.ts:2');
});

test('an endless loop ends, and its place is found', async (t) => {
  const error = await refusal(t, `import { turn } from './turn.ts';\nturn();`, {
    limits: { timeoutMs: 1500 },
    more: { 'turn.ts': `export const turn = () => {\n  let n = 0;\n  for (;;) n = (n + 1) % 7;\n};` },
  });
  assert.equal(error.reason, 'config_timeout');
  assert.equal(error.details['where'], 'turn.ts:3');
});

test('a configuration that waits for ever is said to', async (t) => {
  const error = await refusal(t, `await new Promise(() => setInterval(() => {}, 1000));`, { limits: { timeoutMs: 1000 } });
  assert.equal(error.reason, 'config_timeout');
});

test('a configuration that waits for nothing is said to', async (t) => {
  const error = await refusal(t, `await new Promise(() => {});`);
  assert.equal(error.reason, 'config_never_settled');
});

test('a flood of output is stopped where it springs', async (t) => {
  const error = await refusal(t, `const line = 'x'.repeat(1000);\nfor (;;) console.log(line);`);
  assert.equal(error.reason, 'config_flooded');
  assert.equal(error.details['where'], 'boucle.config.ts:2');
});

test('a timer left running is found, with its line', async (t) => {
  const error = await refusal(t, `${oneStepProject('')['boucle.config.ts']}\nsetInterval(() => {}, 1000);`, {
    more: { 'steps/work.ts': work },
  });
  assert.equal(error.reason, 'config_left_running');
  assert.match(error.message, /a timer/);
  assert.match(String(error.details['where']), /boucle\.config\.ts:\d+/);
});

test('a configuration that takes all memory ends alone', async (t) => {
  const error = await refusal(t, `const all = [];\nfor (;;) all.push(new Array(100_000).fill(0).map((_, i) => ({ i })));`, {
    limits: { memoryMb: 128 },
  });
  assert.equal(error.reason, 'config_out_of_memory');
});

test('memory outside of the heap is limited too', async (t) => {
  const error = await refusal(t, `const all = [];\nfor (;;) all.push(Buffer.alloc(32 << 20, 1));`, { limits: { memoryMb: 256 } });
  assert.equal(error.reason, 'config_out_of_memory');
});

test('a process that the configuration starts ends with it', async (t) => {
  const folder = await temporaryFolder(t);
  await writeProject(folder, {
    'boucle.config.ts': `import { spawn } from 'node:child_process'; spawn('sleep', ['60'], { stdio: 'ignore' }).unref();\nprocess.stdout.write('started'); throw new Error('stop');`,
  });
  await assert.rejects(evaluateConfig(folder), { reason: 'config_threw' });
});

test('a folder without a configuration, or with one that exports nothing, says what to do', async (t) => {
  const folder = await temporaryFolder(t);
  await assert.rejects(makeManifest(folder), { code: 'not_found', message: /boucle init/ });
  assert.match((await refusal(t, `export const a = 1;`)).message, /export default defineProject/);
});

const work = `
  import { Type, defineStep, table, value } from '@boucle/project';
  export const work = defineStep(import.meta, 'work', {
    inputs: { rows: table({ text: Type.String(), label: Type.String() }) }, outputs: { count: value(Type.Integer()) }, run: async () => {},
  });
`;

test('a step written in the configuration is refused, and told where to go', async (t) => {
  const config = oneStepProject('')['boucle.config.ts']!.replace(
    `import { work } from './steps/work.ts';`,
    work.replace('Type, ', '').replace('export ', ''),
  );
  const error = await refusal(t, config.replace('Type, defineDataset', 'Type, defineDataset'));
  assert.match(error.message, /steps\/work\.ts/);
});

test('a step outside of the project is refused', async (t) => {
  const outside = await temporaryFolder(t);
  await writeProject(outside, { 'work.ts': work });
  const config = oneStepProject('')['boucle.config.ts']!.replace('./steps/work.ts', join(outside, 'work.ts'));
  assert.match((await refusal(t, config)).message, /outside the project/);
});

test('definitions that cannot be recorded are refused by their path', async (t) => {
  const config = oneStepProject('')['boucle.config.ts']!.replace(`defineProject('lab'`, `defineProject('my lab'`);
  const error = await refusal(t, config, { more: { 'steps/work.ts': work } });
  assert.equal(error.details['path'], '/project');
});

test('an import of something computed cannot be followed, and is refused by its line', async (t) => {
  const error = await refusal(t, oneStepProject('')['boucle.config.ts']!, {
    more: { 'steps/work.ts': `${work}\nexport const load = (name: string) => import('./' + name);` },
  });
  assert.equal(error.reason, 'import_not_literal');
  assert.match(String(error.details['where']), /^steps\/work\.ts:\d+$/);
});
