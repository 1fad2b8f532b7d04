import { diagnose, loadConfig } from '@boucle/server';
import type { Verb } from '../verb.ts';

const marks = { ok: ['green', '✓'], warning: ['yellow', '!'], broken: ['red', '✗'] } as const;

export const doctor: Verb = (command, { io, paint, show, endWith }) =>
  command
    .option('--data <folder>', 'The data directory to look at')
    .option('--host <host>', 'The address that the server would take')
    .option('--port <port>', 'The port that the server would take')
    .option('--config <file>', 'The settings of the server as JSON (BOUCLE_CONFIG)')
    .action(async ({ config: file = io.env['BOUCLE_CONFIG'], ...flags }: Readonly<Record<string, string>>) => {
      const findings = await diagnose(await loadConfig({ file, env: io.env, flags }));
      show(findings, () =>
        findings
          .map(({ check, state, message, mend }) => {
            const [colour, mark] = marks[state];
            return `${paint(colour, mark)} ${check}: ${message}${mend ? `\n    ${mend}` : ''}`;
          })
          .join('\n'),
      );
      if (findings.some(({ state }) => state === 'broken')) endWith(1);
    });
