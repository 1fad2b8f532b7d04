import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FileTree, type TwinFiles, createTwinFiles, legalStates } from './index.ts';

const text = (content: string): Uint8Array => Buffer.from(content);
const shown = ({ folders, files }: FileTree): string =>
  [...[...folders].map((folder) => `${folder}/`), ...[...files].map(([name, bytes]) => `${name}=${Buffer.from(bytes).toString('latin1')}`)]
    .sort()
    .join(' ');
const endings = (twin: TwinFiles): Set<string> => {
  const { steps } = twin.recording;
  return new Set(
    [...legalStates(twin.recording, { perMoment: 100_000 })].filter(({ at }) => at === steps.length).map(({ tree }) => shown(tree)),
  );
};
const writeFile = async (twin: TwinFiles, name: string, content: string): Promise<void> => {
  const file = await twin.create(name);
  await file.write(text(content), 0);
  await file.sync();
};

test('an unsynced write is there, absent, cut at any byte, or zeros or rubbish of its length', async () => {
  const twin = createTwinFiles({ folders: new Set(), files: new Map([['log', text('A')]]) });
  await (await twin.open('log')).write(text('bcd'), 1);
  const rubbish = [...endings(twin)].filter((state) => !/^log=A[bcd\0]*$/.test(state));
  assert.deepEqual(
    new Set([...endings(twin)].filter((state) => !rubbish.includes(state))),
    new Set(['log=A', 'log=Ab', 'log=Abc', 'log=Abcd', 'log=Ab\0\0', 'log=Abc\0', 'log=A\0\0\0']),
  );
  assert.equal(rubbish.length, 1);
});

test('any sector of a longer write may be missing', async () => {
  const twin = createTwinFiles({ folders: new Set(), files: new Map([['log', text('')]]) });
  await (await twin.open('log')).write(new Uint8Array(1536).fill(65), 0);
  const sectors = [...endings(twin)].map((state) => [4, 516, 1028].map((i) => state[i] ?? '-').join(''));
  for (const pattern of ['AAA', 'A\0A', '\0AA', '\0\0A', 'A--', '---']) assert.ok(sectors.includes(pattern), JSON.stringify(pattern));
});

test('a synced file without a synced folder has its bytes and perhaps no name', async () => {
  const twin = createTwinFiles();
  await writeFile(twin, 'a', 'A');
  assert.deepEqual(endings(twin), new Set(['', 'a=A']));
  await twin.syncFolder('.');
  assert.deepEqual(endings(twin), new Set(['a=A']));
});

test('a rename that no folder sync covers may leave either name, both or none', async () => {
  const twin = createTwinFiles();
  await writeFile(twin, 'a', 'A');
  await twin.syncFolder('.');
  await twin.rename('a', 'b');
  assert.deepEqual(endings(twin), new Set(['a=A', 'b=A', 'a=A b=A', '']));
});

test('a name within a folder that has none itself leads nowhere', async () => {
  const twin = createTwinFiles();
  await twin.makeFolder('f');
  await writeFile(twin, 'f/a', 'A');
  await twin.syncFolder('f');
  assert.deepEqual(endings(twin), new Set(['', 'f/ f/a=A']));
});

test('a sync does not cover what came while it ran', async () => {
  const twin = createTwinFiles({ folders: new Set(), files: new Map([['log', text('')]]) });
  const file = await twin.open('log');
  await file.write(text('a'), 0);
  const sync = file.sync();
  await file.write(text('b'), 1);
  await sync;
  assert.ok(endings(twin).has('log=a'));
  assert.ok(!endings(twin).has('log='));
});

test('changes to different files may survive in any order', async () => {
  const twin = createTwinFiles({
    folders: new Set(),
    files: new Map([
      ['a', text('')],
      ['b', text('')],
    ]),
  });
  for (const name of ['a', 'b']) await (await twin.open(name)).write(text('x'), 0);
  for (const state of ['a= b=', 'a=x b=', 'a= b=x', 'a=x b=x']) assert.ok(endings(twin).has(state), state);
});
