import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { createClient } from '@boucle/sdk';
import { readDockerfile, pairs } from './testing/read-dockerfile.ts';
import { readUnit } from './testing/read-unit.ts';

const root = path.join(import.meta.dirname, '..');
const image = readDockerfile(readFileSync(path.join(import.meta.dirname, 'Dockerfile'), 'utf8'));
const unit = readUnit(readFileSync(path.join(import.meta.dirname, 'boucle.service'), 'utf8'));
const one = (name: string): string => {
  const [value, ...more] = unit.get(name) ?? [];
  assert.ok(value !== undefined && more.length === 0, `the unit says ${name} once`);
  return value;
};

/** A process as somebody else would start it: what it runs, with what environment, how it is ended, and how long one waits for that. */
interface Start {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stopSignal: NodeJS.Signals;
  readonly stopSeconds: number;
}
/** Docker waits ten seconds unless it is told otherwise, and our README tells it. */
const readme = readFileSync(path.join(import.meta.dirname, 'README.md'), 'utf8');
const patienceOfDocker = Number(/^docker run .*--stop-timeout (\d+)/m.exec(readme)?.[1]);
const starts: Readonly<Record<string, (folder: string) => Start>> = {
  'the image': (folder) => ({
    command: image.command.map((word) => here(word, '/app')),
    env: mapped(image.env, (value) => value.replace(/^\/data$/, folder)),
    stopSignal: image.stopSignal as NodeJS.Signals,
    stopSeconds: patienceOfDocker,
  }),
  'the unit': (folder) => ({
    command: one('ExecStart')
      .split(' ')
      .map((word) => here(word, '/opt/boucle')),
    env: mapped(Object.assign({}, ...unit.get('Environment')!.map(pairs)) as Record<string, string>, (value) =>
      value.replace(`%S/${one('StateDirectory')}`, folder),
    ),
    stopSignal: one('KillSignal') as NodeJS.Signals,
    stopSeconds: Number(one('TimeoutStopSec')),
  }),
};
/** The checkout is where the tests are, and so is the Node of the image. */
const here = (word: string, installed: string): string => (word === 'node' ? process.execPath : word.replace(`${installed}/`, `${root}/`));
const mapped = (env: Readonly<Record<string, string>>, change: (value: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, change(value)]));

const aFolder = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'boucle-ops-'));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
};
const token = 'a token for this test';
/** On a free port of this machine alone, unlike in a container. */
const atHome = { BOUCLE_HOST: '127.0.0.1', BOUCLE_PORT: '0', BOUCLE_ADMIN_TOKEN: token, BOUCLE_LOG_LEVEL: 'warn' };

const run = (t: TestContext, { command, env, stopSignal, stopSeconds }: Start, more: Readonly<Record<string, string>>) => {
  const child = spawn(command[0]!, command.slice(1), { env: { PATH: process.env['PATH']!, ...env, ...more }, cwd: tmpdir() });
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const said = text(child.stderr);
  return {
    ended,
    said,
    listening: async (): Promise<string> => {
      const [printed] = (await Promise.race([once(child.stdout, 'data'), ended.then(async () => [await said])])) as [Buffer | string];
      const address = /^Boucle is ready at (http:\S+)/.exec(printed.toString())?.[1];
      assert.ok(address, printed.toString());
      return address;
    },
    /** As Docker and systemd end it: after their patience it is killed, and that shows in how it ended. */
    stop: async () => {
      child.kill(stopSignal);
      const kill = setTimeout(() => child.kill('SIGKILL'), stopSeconds * 1000);
      const how = await ended;
      clearTimeout(kill);
      return how;
    },
  };
};

for (const [name, startOf] of Object.entries(starts)) {
  test(`${name} starts a server that keeps its data where it should, ends in time and goes on`, async (t) => {
    const folder = await aFolder(t);
    const first = run(t, startOf(folder), atHome);
    const address = await first.listening();
    assert.equal((await fetch(`${address}/healthz`)).status, 200);
    const metrics = (headers: Record<string, string>) => fetch(`${address}/metrics`, { headers });
    assert.equal((await metrics({ authorization: `Bearer ${token}` })).status, 200);
    await createClient({ baseUrl: address, token }).projects.create({ body: { name: 'kept' } });
    assert.ok(existsSync(path.join(folder, 'boucle.sqlite')));
    // Somebody reads news, and never stops by himself.
    const news = await fetch(`${address}/api/v1/projects/kept/events`, {
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    });
    assert.equal(news.status, 200);
    const cut = news.text().catch(() => undefined);
    assert.deepEqual(await first.stop(), [0, null]);
    await cut;

    const second = run(t, startOf(folder), atHome);
    const { items } = await createClient({ baseUrl: await second.listening(), token }).projects.list({ query: {} });
    assert.ok(items.some((project) => project.name === 'kept'));
    assert.deepEqual(await second.stop(), [0, null]);
  });

  test(`${name} starts nothing that lets others in without a token`, async (t) => {
    const server = run(t, startOf(await aFolder(t)), { BOUCLE_PORT: '0' });
    // The unit's RestartPreventExitStatus knows this number.
    assert.deepEqual(await server.ended, [6, null]);
    assert.match(await server.said, /BOUCLE_ADMIN_TOKEN/);
  });
}

test('the health check of the image tells a server that answers from one that does not', async (t) => {
  const server = run(t, starts['the image']!(await aFolder(t)), atHome);
  const { port } = new URL(await server.listening());
  const check = async (): Promise<number | null> => {
    const child = spawn(process.execPath, image.health.slice(1), { env: { ...image.env, BOUCLE_PORT: port }, stdio: 'ignore' });
    return ((await once(child, 'close')) as [number | null])[0];
  };
  assert.equal(await check(), 0);
  await server.stop();
  assert.equal(await check(), 1);
});

test('the image runs as nobody in particular, from bases with a version, and keeps its data outside', () => {
  assert.deepEqual([image.user, image.volume, image.env['BOUCLE_DATA']], ['1000:1000', '/data', '/data']);
  for (const stage of image.stages) assert.match(stage, /^node:(1[89]|[2-9]\d)[\w.-]*( AS \w+)?$/);
  assert.equal(image.health[0], 'node');
  const secrets = Object.keys(image.env).filter((name) => /TOKEN|SECRET|PASSWORD|DATABASE/.test(name));
  assert.deepEqual(secrets, []);
});

test('the unit gives the server no more than it needs', () => {
  for (const name of ['NoNewPrivileges', 'ProtectHome', 'PrivateTmp', 'RestrictSUIDSGID', 'ProtectKernelTunables'])
    assert.equal(one(name), 'yes');
  assert.equal(one('User'), 'boucle');
  assert.deepEqual([one('ProtectSystem'), one('CapabilityBoundingSet'), one('Restart')], ['strict', '', 'on-failure']);
  assert.match(one('EnvironmentFile'), /^\//, 'without its file, and so without a token, it does not start');
});

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
test('systemd takes the unit', { skip: !hasSystemd && 'systemd-analyze is not on the PATH' }, async (t) => {
  const file = path.join(await aFolder(t), 'boucle.service');
  const text = readFileSync(path.join(import.meta.dirname, 'boucle.service'), 'utf8');
  await writeFile(file, text.replaceAll('/opt/boucle/', `${root}/`));
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
  assert.deepEqual([status, stderr], [0, '']);
});
