import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { environmentDigest, readRequirements } from './requirements.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'boucle-requirements-'));
});
after(() => rm(folder, { recursive: true }));

const given = async (text: string, constraints?: string) => {
  await writeFile(path.join(folder, 'requirements.txt'), text);
  if (constraints !== undefined) await writeFile(path.join(folder, 'constraints.txt'), constraints);
  return readRequirements(folder);
};
const digest = async (text: string, python = 'cpython-3.11.7') => environmentDigest(await given(text), python);

test('order, comments and ends of lines do not make another environment; versions and Python do', async () => {
  const one = await digest('mlflow==3.17.2\nscikit-learn==1.9.1');
  assert.equal(await digest('# logged\r\nscikit-learn==1.9.1  # the model\r\n\r\nmlflow==3.17.2\r\n'), one);
  assert.notEqual(await digest('mlflow==3.17.2\nscikit-learn==1.9.2'), one);
  assert.notEqual(await digest('mlflow==3.17.2\nscikit-learn==1.9.1', 'cpython-3.12.0'), one);
});

test('what MLflow writes is taken: versions, extras, markers, sources on the web, constraints', async () => {
  const lines = [
    'mlflow==3.17.2',
    'torch==2.13.0+cpu',
    'fastapi[all]<1,>=0.100',
    'uvloop==0.2; sys_platform != "win32"',
    'mine @ git+https://example.com/mine.git@v1',
    '--extra-index-url https://download.pytorch.org/whl/cpu',
  ];
  const found = await given([...lines, '-c constraints.txt'].join('\n'), 'numpy==2.4.6\n');
  assert.deepEqual(found, { lines: lines.toSorted(), constraints: ['numpy==2.4.6'] });
});

test('what lies on the disk of whoever logged the model, or of the server, is refused', async () => {
  for (const line of [
    '-e .',
    './wheels/mine.whl',
    '/etc/passwd',
    'mine @ file:///tmp/mine',
    '-r other.txt',
    '--index-url file:///tmp',
    '--trusted-host x',
    '$(id)',
  ])
    await assert.rejects(given(line), { code: 'failed_precondition', reason: 'not_servable' }, line);
  await assert.rejects(given('-c ../../secrets.txt'), { reason: 'not_servable', message: /no file beside it/ });
});

test('a model that names no requirements cannot have an environment', async () => {
  await rm(path.join(folder, 'requirements.txt'));
  await assert.rejects(readRequirements(folder), { reason: 'not_servable', message: /log it again/ });
});
