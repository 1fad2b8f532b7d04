import type { Rollout } from '@boucle/contract';
import type { Client } from '@boucle/sdk';
import { makeTweets, type Tweet } from '../../examples/sentiment/tweets.ts';
import type { Days } from './days.ts';
import type { Labelled, Sent } from './traffic.ts';
import { registerWorseModel } from './worse-model.ts';

interface Stage {
  readonly client: Client;
  readonly days: Days;
  readonly project: string;
  readonly endpoint: string;
  readonly model: string;
  readonly say: (line: string) => void;
}
export interface Watched {
  /** Of the version that won its place, and of the worse one. */
  readonly promoted: Rollout;
  readonly rolledBack: Rollout;
  readonly hours: number;
  /** How many of the answers were right: in calm hours, when the strike began, and once the new version answered. */
  readonly right: { readonly calm: number; readonly struck: number; readonly after: number };
}
const [calmHours, perHour, patience] = [3, 60, 60];
const strikePerHour = 250;

const labelOf = ({ text, sentiment }: Tweet): Labelled => ({ text, label: sentiment === 'negative' ? 'negative' : 'other' });
/** Every hour its own. */
const textsOf = (era: 'calm' | 'strike', seed: number, count: number): Labelled[] => [...makeTweets({ seed, count, era })].map(labelOf);
const rightIn = (sent: readonly Sent[]): number =>
  sent.filter(({ label, predicted }) => label === predicted).length / Math.max(1, sent.length);

/** Calm hours; a strike, which the model does not know; what Boucle does about it; and a version that is worse. */
export const watchAStrike = async (stage: Stage): Promise<Watched> => {
  const { client, days, project, endpoint, model, say } = stage;
  let hours = 0;
  const hour = (era: 'calm' | 'strike'): Promise<readonly Sent[]> => {
    hours++;
    return days.hour(textsOf(era, 100 + hours, era === 'calm' ? perHour : strikePerHour));
  };
  const calm: Sent[] = [];
  for (let i = 0; i < calmHours; i++) calm.push(...(await hour('calm')));
  say(`${calmHours} calm hours went by; ${percent(rightIn(calm))} of the answers were right. Now the ground staff walks out:`);

  const struck = await hour('strike');
  const newest = async (): Promise<Rollout | undefined> =>
    (await client.rollouts.list({ params: { project }, query: { endpoint, limit: 1 } })).items[0];
  const until = async (isOver: (rollout: Rollout) => boolean): Promise<Rollout> => {
    for (let i = 0; i < patience; i++) {
      const rollout = await newest();
      if (rollout && isOver(rollout)) return rollout;
      await hour('strike');
    }
    throw new Error(`Nothing was decided within ${patience} hours: ${(await newest())?.message ?? 'no rollout began'}`);
  };
  const promoted = await until(({ status }) => status === 'promoted');
  const after = await hour('strike');
  say(
    `Of the answers ${percent(rightIn(struck))} were right when the strike began, and ${percent(rightIn(after))} are now. Then somebody deploys a worse version:`,
  );

  const worse = await registerWorseModel(client, { project, model }, textsOf('strike', 9, 1500));
  const { id } = await client.rollouts.start({
    params: { project, endpoint },
    body: { model: `${model}/${worse.number}`, policy: { gates: [], shadow: null } },
  });
  const rolledBack = await until((rollout) => rollout.id === id && rollout.endedAt !== null);
  return { promoted, rolledBack, hours, right: { calm: rightIn(calm), struck: rightIn(struck), after: rightIn(after) } };
};

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
