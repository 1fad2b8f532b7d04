import type { api, RouteOutput } from '@boucle/contract';
import { measure, short } from '../terminal/format.ts';
import type { Paint } from '../terminal/paint.ts';
import { table } from '../terminal/table.ts';

type Reproduction = RouteOutput<(typeof api)['runs']['reproduction']>;

const verdicts = {
  running: ['cyan', 'It has not ended yet.'],
  equal: ['green', 'Equal: every output has the digest that was recorded.'],
  different: ['red', 'Different: an output came out with another digest.'],
  failed: ['red', 'It could not be carried out again.'],
} as const;

export const reproductionReport = ({ state, outputs, metrics, environment }: Reproduction, paint: Paint): string => {
  const [colour, sentence] = verdicts[state];
  const differences = environmentChanges(environment);
  return [
    ...(outputs.length > 0
      ? [
          table(
            outputs,
            {
              output: ({ output }) => output,
              recorded: ({ recorded }) => short(recorded),
              again: ({ again }) => (again === null ? '' : short(again)),
              '': ({ equal }) => (equal ? ['green', 'equal'] : ['red', 'different']),
            },
            paint,
          ),
        ]
      : []),
    ...(metrics.length > 0
      ? [
          table(
            metrics,
            {
              metric: ({ key }) => key,
              recorded: ({ recorded }) => measure(recorded),
              again: ({ again }) => (again === null ? '' : measure(again)),
            },
            paint,
          ),
        ]
      : []),
    paint(colour, sentence),
    ...(differences.length > 0 ? [`The machine is another one: ${differences.join(', ')}`] : []),
  ].join('\n');
};

const environmentChanges = ({ recorded, again }: Reproduction['environment']): string[] => {
  if (!recorded || !again) return [];
  const keys = Object.keys(recorded) as (keyof typeof recorded)[];
  return keys.filter((key) => recorded[key] !== again[key]).map((key) => `${key} ${recorded[key]}, now ${again[key]}`);
};
