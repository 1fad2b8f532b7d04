import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { initProject } from '@boucle/project/bundle';
import { projectOf } from './project-of.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const aFolder = async (t: TestContext): Promise<string> => {
  const { folder, remove } = await temporaryFolder();
  t.after(remove);
  return folder;
};
const around = (cwd: string, env: NodeJS.ProcessEnv = {}) => ({ cwd, env });

test('what is said wins over the environment, and that over the folder', async (t) => {
  const cwd = await aFolder(t);
  assert.equal(await projectOf('said', around(cwd, { BOUCLE_PROJECT: 'set' })), 'said');
  assert.equal(await projectOf(undefined, around(cwd, { BOUCLE_PROJECT: 'set' })), 'set');
  assert.equal(await projectOf(undefined, around(cwd)), 'default');
});

test('the name is read from the configuration once, and again after an edit', async (t) => {
  const cwd = join(await aFolder(t), 'new');
  await initProject(cwd, { name: 'first' });
  assert.equal(await projectOf(undefined, around(cwd)), 'first');
  const kept = join(cwd, '.boucle', 'project.json');
  await writeFile(kept, (await readFile(kept, 'utf8')).replace('"first"', '"kept"'));
  assert.equal(await projectOf(undefined, around(cwd)), 'kept');
  const config = join(cwd, 'boucle.config.ts');
  await writeFile(config, (await readFile(config, 'utf8')).replace("defineProject('first'", "defineProject('second'"));
  assert.equal(await projectOf(undefined, around(cwd)), 'second');
});
