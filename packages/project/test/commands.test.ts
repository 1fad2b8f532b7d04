import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openTable } from '@boucle/data';
import { makeManifest } from '../src/bundle/index.ts';
import { attemptLayout, runStep, stageStep } from '../src/runner/index.ts';
import { createLab, specOf, temporaryFolder, writeProject } from '../src/testing/step-lab.ts';

const columns = ['text', 'label'].map((name) => ({ name, type: { type: 'text' } as const }));
const config = (command: readonly string[], more = ''): string => `
  import { Type, defineCommand, defineDataset, definePipeline, defineProject, file, folder, table, value, withDefault } from '@boucle/project';
  const rows = defineDataset('rows', { source: 'rows.csv', columns: { text: Type.String(), label: Type.String() } });
  const work = defineCommand('work', {
    inputs: { rows: table({ text: Type.String() }) },
    params: { times: withDefault(Type.Integer(), 3), word: withDefault(Type.String(), 'a b') },
    outputs: { notes: file(), all: folder(), count: value(Type.Integer()) },
    secrets: ['TOKEN'],
    command: ${JSON.stringify(command)},
    reads: ['work.mjs', 'lib/*.mjs'],
    ${more}
  });
  const main = definePipeline('main', { inputs: { rows } }, ({ rows }) => work({ rows }));
  export default defineProject('lab', { problem: '', owners: [], risk: 'minimal', kpis: {}, datasets: [rows], pipelines: [main], endpoints: [], monitors: [] });
`;
const words = ['{rows}', '{notes}', '{all}', '{count}', '--times={times}', '{word}', '{unknown}'];

const runCommand = async (t: TestContext, script: string, command = [process.execPath, 'work.mjs', ...words]) => {
  const folder = await temporaryFolder(t);
  await writeProject(join(folder, 'project'), {
    'boucle.config.ts': config(command),
    'work.mjs': script,
    'lib/a.mjs': `export const a = 'from lib';`,
  });
  const project = await makeManifest(join(folder, 'project'));
  const lab = createLab(folder);
  await lab.keepBundle(project);
  const rows = await lab.keepTable({ columns }, [{ text: 'one', label: 'a' }]);
  const attempt = lab.next();
  await stageStep(specOf(project, 'work', { inputs: { rows: [rows] } }), lab.source, attempt);
  const log: string[] = [];
  const result = await runStep(attempt, { onLog: (line) => void log.push(line), secret: () => 's3cret' });
  return { result, log, layout: attemptLayout(attempt) };
};

test('a command gets paths and parameters, its secrets by environment, and what it prints is the log', async (t) => {
  const { result, log, layout } = await runCommand(
    t,
    `import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
    import { a } from './lib/a.mjs';
    const [rows, notes, all, count, ...rest] = process.argv.slice(2);
    copyFileSync(rows, notes);
    mkdirSync(all + '/deep', { recursive: true });
    writeFileSync(all + '/deep/x.txt', a);
    writeFileSync(count, '41');
    console.log(JSON.stringify([...rest, process.env.TOKEN.length, Number.isInteger(Number(process.env.BOUCLE_SEED))]));
    console.error('done');`,
  );
  assert.equal(result.status, 'succeeded', JSON.stringify(result));
  assert.deepEqual(JSON.parse(log[0]!), ['--times=3', 'a b', '{unknown}', 6, true]);
  assert.ok(log.includes('done'));
  assert.equal(result.outputs['count']?.value, 41);
  assert.deepEqual(
    result.outputs['all']?.files.map(({ path }) => path),
    ['files/deep/x.txt', 'manifest.json'],
  );
  const copy = await openTable(join(layout.output('notes'), 'file'));
  assert.equal(copy.rows, 1);
  await copy.close();
});

test('a command that fails says how, with the last it printed', async (t) => {
  const { result } = await runCommand(t, `console.error('no such mood'); process.exit(3);`);
  assert.ok(result.status === 'failed');
  assert.equal(result.failure.reason, 'command_failed');
  assert.match(result.failure.message, /status 3: no such mood/);
});

test('a program that is not there is named', async (t) => {
  const { result } = await runCommand(t, '', ['no-such-program', 'x']);
  assert.ok(result.status === 'failed');
  assert.match(result.failure.message, /"no-such-program" is not on this machine/);
});

test('a command that leaves an output out is not a success', async (t) => {
  const { result, layout } = await runCommand(t, '');
  assert.ok(result.status === 'failed');
  assert.equal(result.failure.reason, 'output_missing');
  assert.deepEqual(JSON.parse(await readFile(layout.result, 'utf8')), result);
});

test('a command with a lock runs in a Python environment of its own, made once', async (t) => {
  const folder = await temporaryFolder(t);
  process.env['XDG_CACHE_HOME'] = folder;
  t.after(() => void delete process.env['XDG_CACHE_HOME']);
  const files = {
    'boucle.config.ts': config(['python', 'work.py', '{notes}', '{all}', '{count}'], `python: { lock: 'requirements.lock' },`),
    'requirements.lock': '# nothing but Python itself\n',
    'work.py': `import json, os, sys
notes, all, count = sys.argv[1:]
open(notes, 'w').write(sys.prefix)
os.listdir(all)
json.dump(1, open(count, 'w'))`,
    'work.mjs': '',
    'lib/a.mjs': '',
  };
  files['boucle.config.ts'] = files['boucle.config.ts'].replace(`'work.mjs', `, `'work.mjs', 'work.py', `);
  await writeProject(join(folder, 'project'), files);
  const project = await makeManifest(join(folder, 'project'));
  const lab = createLab(folder);
  await lab.keepBundle(project);
  const rows = await lab.keepTable({ columns }, [{ text: 'one', label: 'a' }]);
  const spec = specOf(project, 'work', { inputs: { rows: [rows] } });
  const places: string[] = [];
  for (const attempt of [lab.next(), lab.next()]) {
    await stageStep(spec, lab.source, attempt);
    const result = await runStep(attempt, { secret: () => 's3cret' });
    assert.equal(result.status, 'succeeded', JSON.stringify(result));
    places.push(await readFile(join(attemptLayout(attempt).output('notes'), 'file'), 'utf8'));
  }
  assert.ok(places[0]?.startsWith(join(folder, 'boucle', 'python')), places[0]);
  assert.equal(places[0], places[1]);
});
