#!/usr/bin/env node
// Plain JavaScript that any Node from 18 on can read: it finds the Node that Boucle needs, and starts it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const needed = [24, 15];

const isNewEnough = (version) => {
  const [major, minor] = version.split('.').map(Number);
  return major > needed[0] || (major === needed[0] && minor >= needed[1]);
};

/** npm installs the Node of this platform beside us, where one is published for it. */
const pinnedNode = () => {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  try {
    const manifest = module.createRequire(import.meta.url).resolve(`node-${platform}-${process.arch}/package.json`);
    const program = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
};

const startWith = (node) => {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both of us; anybody else knows only this process.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`boucle: ${node} cannot be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (status, signal) => {
    if (signal === null) process.exit(status ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
};

if (isNewEnough(process.versions.node)) {
  const { directory } = module.enableCompileCache();
  // For threads and children of ours as well: without it each loads a compiler of its own to strip types, 10 MB and 40 ms of CPU.
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;
  const { main } = await import('../src/main.ts');
  process.exitCode = await main(process.argv.slice(2));
} else {
  const node = pinnedNode();
  if (node) startWith(node);
  else {
    process.stderr.write(
      `boucle: this is Node ${process.versions.node}, and Boucle needs Node ${needed.join('.')} or newer. Get it from https://nodejs.org, then try again.\n`,
    );
    process.exitCode = 1;
  }
}
