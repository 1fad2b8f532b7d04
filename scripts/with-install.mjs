// Runs a command of this repository with its own Node, after installing what is missing. Plain JavaScript: any Node from 18 on can start it.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const stamp = path.join(root, 'node_modules', '.boucle-installed');
const lock = createHash('sha256')
  .update(readFileSync(path.join(root, 'package-lock.json')))
  .digest('hex');

const run = (command, args) =>
  new Promise((resolve, reject) => {
    const bin = path.join(root, 'node_modules', '.bin');
    // Older npm does not read `allowScripts`: without this the script of onnxruntime would look for a download.
    const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', PATH: `${bin}${path.delimiter}${process.env.PATH}` };
    const child = spawn(command, args, { cwd: root, env, stdio: 'inherit', shell: process.platform === 'win32' });
    // A terminal sends Ctrl-C to both of us; what anybody else sends knows only this process. Either way this waits for an end in good order.
    const signals = {
      SIGINT: () => process.stdin.isTTY || child.kill('SIGINT'),
      SIGTERM: () => child.kill('SIGTERM'),
      SIGHUP: () => child.kill('SIGHUP'),
    };
    for (const [signal, forward] of Object.entries(signals)) process.on(signal, forward);
    child.on('error', reject);
    child.on('exit', (status, signal) => {
      for (const [name, forward] of Object.entries(signals)) process.off(name, forward);
      resolve(signal ? 1 : (status ?? 1));
    });
  });

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.log('Installing what Boucle needs (once)…');
  const status = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (status !== 0) process.exit(status);
  writeFileSync(stamp, lock);
}
const [command, ...args] = process.argv.slice(2);
process.exit(await run(command, args));
