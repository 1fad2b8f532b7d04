import { resolve } from 'node:path';
import { loadConfig, settings, startServer } from '@boucle/server';
import { defaultUrl } from '../context.ts';
import { logLine } from '../render/log-line.ts';
import type { Verb } from '../verb.ts';

export const up: Verb = (command, { io, paint, show, note }) => {
  for (const [name, { initial, about }] of Object.entries(settings)) {
    const flag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    command.option(`--${flag} <value>`, initial === undefined || typeof initial === 'object' ? about : `${about} (${initial})`);
  }
  command
    .option('--config <file>', 'Settings as JSON (BOUCLE_CONFIG); the environment and flags win over it')
    .action(async ({ config: said, ...flags }: Readonly<Record<string, string>>) => {
      const file = said ?? io.env['BOUCLE_CONFIG'];
      const config = await loadConfig({ file: file === undefined ? undefined : resolve(io.cwd, file), env: io.env, flags });
      const stopped = nextStop();
      const server = await startServer(config, {
        writeLog: (line) => void io.stderr.write(io.stderr.isTTY ? logLine(line, paint) : line),
      });
      const data = resolve(config.data);
      show({ address: server.address, data, pid: process.pid }, () =>
        [
          `Boucle is ready at ${paint('bold', server.address)}`,
          ...(server.address === defaultUrl ? [] : [`Tell the other commands: export BOUCLE_URL=${server.address}`]),
          `Its data is in ${data}. Stop it with Ctrl-C.`,
        ].join('\n'),
      );
      await stopped;
      note('Stopping…');
      await server.close();
    });
};

/** The first signal ends it in good order; the second one at once. */
const nextStop = (): Promise<void> =>
  new Promise((stop) => {
    let isStopping = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (isStopping) process.exit(130);
        isStopping = true;
        stop();
      });
    }
  });
