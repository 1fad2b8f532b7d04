import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { silentLog } from '../../platform/index.ts';
import { createPythonEnvironments } from './environments.ts';

/** What a Python does as far as it is asked here; the real one is asked in `interop`. Each install takes a moment and writes a line. */
const stand = (log: string) => `#!/bin/sh
case "$*" in
  *platform*) echo cpython-3.11.7 ;;
  *venv*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  *pip*) sleep 0.1; echo "$*" >> ${log}
    if grep -q nowhere requirements.txt; then echo "Looking"; echo "ERROR: No matching distribution found for nowhere==1" >&2; exit 1; fi ;;
esac
`;

const root = await mkdtemp(path.join(tmpdir(), 'boucle-environments-'));
const [folder, model, log, python] = ['environments', 'model', 'installs', 'python'].map((name) => path.join(root, name)) as [
  string,
  string,
  string,
  string,
];
const environments = createPythonEnvironments({ folder, python, log: silentLog });
const requires = (text: string): Promise<void> => writeFile(path.join(model, 'requirements.txt'), text);
const installs = async (): Promise<number> => (await readFile(log, 'utf8').catch(() => '')).split('\n').length - 1;

beforeEach(async () => {
  for (const place of [folder, model, log]) await rm(place, { recursive: true, force: true });
  await mkdir(model);
  await writeFile(python, stand(log));
  await chmod(python, 0o755);
});
after(() => rm(root, { recursive: true }));

test('the same requirements are installed once, also when many ask at once, and again by nobody later', async () => {
  await requires('a==1\nb==2\n');
  const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => environments.pythonFor(model, '3.11.2')));
  assert.ok(others.every((other) => other === first));
  await requires('b==2\na==1 # again\n');
  assert.equal(await environments.pythonFor(model, undefined), first);
  assert.equal(await installs(), 1);
  await requires('a==2');
  assert.notEqual(await environments.pythonFor(model, undefined), first);
});

test('what pip cannot install is told by its own words, and leaves nothing behind', async () => {
  await requires('nowhere==1');
  await assert.rejects(environments.pythonFor(model, undefined), {
    code: 'failed_precondition',
    reason: 'environment_not_made',
    message: 'pip could not install what the model requires (exit status 1): ERROR: No matching distribution found for nowhere==1',
  });
  assert.deepEqual(await readdir(folder), []);
  await requires('somewhere==1');
  await environments.pythonFor(model, undefined);
});

test('without a Python it is said which setting names one', async () => {
  await requires('a==1');
  const none = createPythonEnvironments({ folder, python: path.join(root, 'no-python'), log: silentLog });
  await assert.rejects(none.pythonFor(model, undefined), { reason: 'no_python', message: /the setting python/ });
});

test('at a start what was left half made goes, and what nobody asked for in a month', async () => {
  await requires('a==1');
  await environments.pythonFor(model, undefined);
  await requires('a==2');
  const old = path.dirname(path.dirname(await environments.pythonFor(model, undefined)));
  await utimes(old, new Date(0), new Date(0));
  await mkdir(`${old}.half`);
  await environments.tidy();
  const left = await readdir(folder);
  assert.equal(left.length, 1);
  assert.ok(!left.includes(path.basename(old)));
});
