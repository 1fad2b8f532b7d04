import assert from 'node:assert/strict';
import { leapingClock } from '../clock.ts';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { seal, unseal } from './sealed.ts';
import { type SealedSecret, type SealedStore, createSecrets } from './index.ts';

const root = await mkdtemp(path.join(tmpdir(), 'boucle-secrets-'));
after(() => rm(root, { recursive: true }));
let count = 0;
const freshPath = (): string => path.join(root, `${++count}`);

const inMemory = (rows = new Map<string, SealedSecret>()): SealedStore & { rows: Map<string, SealedSecret> } => ({
  rows,
  get: async ({ project, name }) => rows.get(`${project}/${name}`),
  set: async (secret) => void rows.set(`${secret.project}/${secret.name}`, secret),
  remove: async ({ project, name }) => rows.delete(`${project}/${name}`),
  list: async (project) => [...rows.values()].filter((row) => project === undefined || row.project === project),
});
const clock = leapingClock(new Date('2026-01-02T03:04:05Z'), { flows: false });
const fresh = (more: Partial<Parameters<typeof createSecrets>[0]> = {}) =>
  createSecrets({ store: inMemory(), keyFile: path.join(freshPath(), 'secret.key'), env: {}, clock, ...more });

test('a sealed secret is read again by whoever has store and key, and the store holds no value', async () => {
  const [store, keyFile] = [inMemory(), path.join(freshPath(), 'secret.key')];
  const secrets = await fresh({ store, keyFile });
  assert.deepEqual(await secrets.set('p', 'token', 'hunter22'), { name: 'token', source: 'sealed', updatedAt: '2026-01-02T03:04:05.000Z' });
  assert.ok(!JSON.stringify([...store.rows]).includes('hunter22'));
  const again = await fresh({ store, keyFile });
  assert.equal(await again.get('p', 'token'), 'hunter22');
  assert.equal(again.mask('it is hunter22'), 'it is ‹secret:token›');
  await assert.rejects(again.get('other', 'token'), { code: 'not_found' });
});

test('environment and folder go first, and cannot be changed from here', async () => {
  const folder = freshPath();
  await mkdir(folder);
  await writeFile(path.join(folder, 'db.password'), 'from a file\n');
  await writeFile(path.join(folder, '..data'), 'x');
  const secrets = await fresh({ folder, env: { BOUCLE_SECRET_OPENAI_KEY: 'sk-12345', BOUCLE_SECRET_EMPTY: '', OTHER: 'no' } });
  assert.equal(await secrets.get('p', 'openai-key'), 'sk-12345');
  assert.equal(await secrets.get('p', 'db.password'), 'from a file');
  assert.deepEqual(
    (await secrets.list('p')).map(({ name, source }) => `${name} ${source}`),
    ['OPENAI_KEY environment', 'db.password file'],
  );
  await assert.rejects(secrets.set('p', 'openai-key', 'another'), { code: 'invalid_request', reason: 'secret_given' });
  await assert.rejects(secrets.remove('p', 'db.password'), { reason: 'secret_given' });
  assert.equal(secrets.mask('from a file, sk-12345'), '‹secret:db.password›, ‹secret:OPENAI_KEY›');
});

test('a value of fewer than four characters is refused wherever it comes from', async () => {
  const secrets = await fresh();
  await assert.rejects(secrets.set('p', 'pin', '123'), { code: 'invalid_request', reason: 'secret_too_short' });
  await assert.rejects(fresh({ env: { BOUCLE_SECRET_PIN: '123' } }), { reason: 'secret_too_short', message: /BOUCLE_SECRET_PIN/ });
});

test('what was replaced or removed stays hidden, and is known no more', async () => {
  const secrets = await fresh();
  await secrets.set('p', 'token', 'first value');
  await secrets.set('p', 'token', 'second value');
  await secrets.remove('p', 'token');
  await assert.rejects(secrets.remove('p', 'token'), { code: 'not_found' });
  assert.equal(secrets.mask('first value, second value'), '‹secret:token›, ‹secret:token›');
  assert.deepEqual(await secrets.list('p'), []);
});

test('a key that others may read, or that is cut short, is refused', async () => {
  const keyFile = freshPath();
  await writeFile(keyFile, randomBytes(32), { mode: 0o644 });
  await assert.rejects(fresh({ keyFile }), { code: 'failed_precondition', reason: 'key_file_open', message: /chmod 600/ });
  await chmod(keyFile, 0o600);
  await fresh({ keyFile });
  await writeFile(keyFile, randomBytes(31));
  await assert.rejects(fresh({ keyFile }), { reason: 'key_file_damaged' });
});

test('the key is made with the first sealed secret, for its owner alone', async () => {
  const keyFile = path.join(freshPath(), 'secret.key');
  const secrets = await fresh({ keyFile });
  await assert.rejects(stat(keyFile), { code: 'ENOENT' });
  await secrets.set('p', 'token', 'hunter22');
  const { mode, size } = await stat(keyFile);
  assert.deepEqual([mode & 0o777, size], [0o600, 32]);
});

test('a lost or wrong key is told, other secrets go on, and no second key is made over it', async () => {
  const [store, keyFile] = [inMemory(), path.join(freshPath(), 'secret.key')];
  await (await fresh({ store, keyFile })).set('p', 'token', 'hunter22');
  const without = await fresh({ store, env: { BOUCLE_SECRET_GIVEN: 'given' } });
  assert.deepEqual(without.unreadableAtStart, [{ project: 'p', name: 'token' }]);
  assert.equal(await without.get('p', 'GIVEN'), 'given');
  await assert.rejects(without.get('p', 'token'), { code: 'failed_precondition', reason: 'secret_unreadable' });
  await assert.rejects(without.set('p', 'other', 'another'), { reason: 'key_file_missing' });
  await without.remove('p', 'token');
  await without.set('p', 'other', 'another');
});

test('a seal opens with its key, project and name, and with nothing else changed', () => {
  const key = randomBytes(32);
  const place = fc.record({ project: fc.string(), name: fc.string() });
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), place, place, fc.nat(), (value, mine, other, at) => {
      const sealed = seal(value, mine, key);
      assert.equal(unseal(sealed, mine, key), value);
      assert.notEqual(seal(value, mine, key), sealed);
      if (mine.project !== other.project || mine.name !== other.name) {
        assert.throws(() => unseal(sealed, other, key), { reason: 'secret_unreadable' });
      }
      const bytes = Buffer.from(sealed.slice(sealed.indexOf(':') + 1), 'base64');
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ 1;
      assert.throws(() => unseal(`boucle.secret/1:${bytes.toString('base64')}`, mine, key), { reason: 'secret_unreadable' });
    }),
  );
  for (const sealed of ['', 'boucle.secret/1:', 'boucle.secret/1:AAAA', 'boucle.secret/9:AAAA']) {
    assert.throws(() => unseal(sealed, { project: 'p', name: 'n' }, key), { reason: 'secret_unreadable' });
  }
});
