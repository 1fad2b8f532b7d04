import { durationMs, invalid, type Matcher } from '@boucle/contract';
import { InvalidArgumentError } from 'commander';
import { time } from '../../terminal/format.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly for?: number;
  readonly until?: string;
  readonly comment: string;
}
const duration = (text: string): number => {
  try {
    return durationMs(text);
  } catch {
    throw new InvalidArgumentError('Write it as 90s, 5m, 6h or 7d.');
  }
};
/** `severity=info`, `endpoint!=sentiment`. */
const matcherOf = (text: string): Matcher => {
  const [, name, not, value] = /^([^=!]+)(!?)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw invalid(`"${text}" is no matcher: write name=value or name!=value`, 'bad_matcher');
  return { name, value, isEqual: not === '' };
};

export const addSilence: Verb = (command, { client, show, inProject }) =>
  command
    .argument('<matchers...>', 'name=value or name!=value, of alertname, monitor, endpoint, severity, or what a rule groups by')
    .option('--for <duration>', 'How long: 90s, 5m, 6h, 7d', duration)
    .option('--until <time>', 'Until then, in ISO 8601, UTC')
    .option('--comment <text>', 'Why', '')
    .action(async (texts: string[], { for: ms, until, comment }: Options) => {
      if ((ms === undefined) === (until === undefined)) throw invalid('Say --for or --until', 'no_end');
      const body = { matchers: texts.map(matcherOf), until: until ?? new Date(Date.now() + ms!).toISOString(), comment };
      const silence = await client.silences.create({ params: await inProject(), body });
      show(silence, () => `Nothing is sent of them until ${time(silence.until)}. End it with: boucle silences remove ${silence.id}`);
    });
