import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { createClient } from '@boucle/sdk';

/** Does what `docs/tutorial.md` says, line by line, in one shell and on a server of its own. */
const checkout = path.join(import.meta.dirname, '../../..');
const serverLine = 'boucle up';

/** The shell commands of a page: a line each, or several where a line ends with a backslash. */
const commandsOf = (page: string): string[] =>
  [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = '']) =>
    block
      .replaceAll(/\\\n/g, ' ')
      .split('\n')
      .filter((line) => line.trim() !== ''),
  );

interface Said {
  readonly status: number;
  readonly out: string;
}
/** A shell that keeps its folder and its variables from one line to the next. */
const openShell = (env: NodeJS.ProcessEnv) => {
  const child = spawn('bash', ['--norc', '--noprofile'], { cwd: checkout, env, stdio: ['pipe', 'pipe', 'inherit'] });
  let heard = '';
  let ended = false;
  let wake = (): void => {};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
    wake();
  });
  child.on('close', () => {
    ended = true;
    wake();
  });
  return {
    child,
    say: async (line: string): Promise<Said> => {
      heard = '';
      child.stdin.write(`${line} </dev/null 2>&1\nprintf '\\n@@ %s @@\\n' "$?"\n`);
      for (;;) {
        const [whole, status] = /\n@@ (\d+) @@\n$/.exec(heard) ?? [];
        if (whole !== undefined) return { status: Number(status), out: heard.slice(0, -whole.length) };
        if (ended) throw new Error(`The shell ended at: ${line}\n${heard}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
};

/** `boucle up` in a terminal of its own; resolves to its address. */
const startUp = async (env: NodeJS.ProcessEnv, cwd: string): Promise<{ child: ChildProcess; address: string }> => {
  const child = spawn(process.execPath, [path.join(checkout, 'packages/cli/bin/boucle.js'), 'up'], {
    cwd,
    env: { ...env, BOUCLE_PORT: '0', BOUCLE_LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let heard = '';
  for await (const text of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    heard += text;
    const address = /ready at (http:\S+)/.exec(heard)?.[1];
    if (address !== undefined) return { child, address };
  }
  throw new Error(`The server ended before it was ready: ${heard}`);
};

let home: string;
let shell: ReturnType<typeof openShell> | undefined;
let server: Awaited<ReturnType<typeof startUp>> | undefined;
before(async () => void (home = await mkdtemp(path.join(tmpdir(), 'boucle-tutorial-'))));
after(async () => {
  for (const child of [shell?.child, server?.child]) {
    if (!child || child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
  await rm(home, { recursive: true, force: true });
});

test('the tutorial does what it says', { timeout: 540_000 }, async (t) => {
  const commands = commandsOf(await readFile(path.join(checkout, 'docs/tutorial.md'), 'utf8'));
  const surroundings = Object.entries(process.env).filter(([name]) => !name.startsWith('BOUCLE_') && !name.startsWith('NODE_TEST'));
  const env: NodeJS.ProcessEnv = { ...Object.fromEntries(surroundings), HOME: home };
  const said = new Map<string, string[]>();
  shell = openShell(env);
  for (const command of commands) {
    await t.test(command, async () => {
      if (command === serverLine) {
        server = await startUp(env, home);
        await shell!.say(`export BOUCLE_URL=${server.address}`);
        return;
      }
      const { status, out } = await shell!.say(command);
      assert.equal(status, 0, out);
      said.set(command, [...(said.get(command) ?? []), out]);
    });
  }
  const answers = (beginning: string): string[] =>
    [...said].filter(([command]) => command.startsWith(beginning)).flatMap(([, outs]) => outs);
  const client = createClient({ baseUrl: server!.address });
  const params = { project: 'mood' };

  await t.test('the dataset has a version of the tweets, and a second one of what people said', async () => {
    assert.match(answers('boucle datasets add')[0]!, /New version examples@1/);
    assert.match(answers('boucle datasets add')[1]!, /The same rows are there already/);
    const { items } = await client.datasets.versions.list({ params: { ...params, dataset: 'examples' }, query: {} });
    assert.deepEqual(
      items.map(({ number }) => number),
      [2, 1],
    );
    assert.ok(items[0]!.rows > items[1]!.rows);
  });

  await t.test('the pipeline succeeded, and the second time from the cache', () => {
    const [first = '', second = ''] = answers('boucle pipelines run');
    assert.match(first, /✓ train +succeeded[^]*training 1 succeeded/);
    assert.match(second, /= train +cached[^]*training 2 succeeded/);
  });

  await t.test('the endpoint answers, and the answer is traced to the rows', () => {
    assert.match(answers('boucle predict mood')[0]!, /negative[^]*other/);
    const [story = ''] = answers('boucle trace');
    assert.match(story, /model mood, version 1 \(champion\)[^]*examples@1/);
    assert.match(answers('boucle reproduce')[0]!, /Equal: every output has the digest that was recorded/);
  });

  await t.test('the monitor has windows, and found drift', async () => {
    const { latest } = await client.monitors.get({ params: { ...params, monitor: 'watch' } });
    assert.ok(latest);
    assert.match(answers('boucle monitors show')[0]!, /drift of/);
    assert.match(answers('boucle alerts list')[0]!, /the world changed/);
  });

  await t.test('one retraining went through, and its version won its place', async () => {
    const { items } = await client.retrainings.list({ params, query: {} });
    assert.equal(items.filter(({ status }) => status === 'done').length, 1);
    const [rollout] = (await client.rollouts.list({ params, query: { endpoint: 'mood' } })).items;
    assert.deepEqual([rollout?.status, rollout?.candidate.version], ['promoted', 2]);
    assert.notEqual(answers('boucle story "')[0]!.trim(), '');
  });
});
