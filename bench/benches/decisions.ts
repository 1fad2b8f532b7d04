import { createRandom } from '@boucle/statistics';
import { type Decided, type Decider, deciders } from '../decisions/deciders.ts';
import { type BaseRate, constant, daily } from '../decisions/traffic.ts';
import { spendBudget } from '../decisions/budget.ts';
import { compareDrift } from '../decisions/drift.ts';
import { figure, startTable } from '../ground/table.ts';

const alpha = 0.05;
const runs = 1000;
const risks = [0.7, 1, 1.25, 1.5, 2, 3];

/** How often the shipped code decides wrongly when it looks at every event, beside what others do with the same traffic. */
export const decisions = async (): Promise<void> => {
  rollouts();
  await compareDrift();
  await spendBudget();
};

const rollouts = (): void => {
  console.log(
    `Rollouts: bad events at 1 % of requests, shares 5, 10, 25 and 50 % over 60,000 requests, ${runs} runs a line, both error rates stated as ${percent(alpha)}.\n` +
      `Asked of Boucle: rollback at risk 1 and promotion at risk 1.5 in at most ${percent(bound)} of runs (${percent(alpha)} and 3 standard errors).\n`,
  );
  for (const [name, rate] of [
    ['a constant rate', constant],
    ['a rate that swings by the day', daily],
  ] as const) {
    const row = startTable([
      `${name}: who`.padEnd(33),
      'relative risk',
      'rolled back',
      'promoted',
      'undecided',
      'median requests',
      '        ',
    ]);
    for (const decider of deciders) for (const risk of risks) row(line(decider, risk, rate));
    console.log();
  }
};

const bound = alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / runs);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const line = (decider: Decider, risk: number, rate: BaseRate): string[] => {
  const decided = Array.from({ length: runs }, (_, run): Decided => decider.decide({ random: createRandom(1 + run), risk, rate }));
  const share = (outcome: Decided['outcome']): number => decided.filter((one) => one.outcome === outcome).length / runs;
  const requests = decided.map((one) => one.requests).sort((a, b) => a - b)[runs / 2]!;
  const wrong = risk === 1 ? share('rollback') : risk === 1.5 ? share('promote') : undefined;
  return [
    decider.name,
    String(risk),
    percent(share('rollback')),
    percent(share('promote')),
    percent(share('undecided')),
    figure(requests),
    wrong === undefined ? '' : wrong <= bound ? 'kept' : 'not kept',
  ];
};
