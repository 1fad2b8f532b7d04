import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@boucle/sdk';
import type { LeapingClock, Modules } from '@boucle/server';
import { giveFeedback, type Labelled, type Sent, sendTexts } from './traffic.ts';

interface Parts {
  readonly clock: LeapingClock;
  readonly modules: Pick<Modules, 'settled'>;
  readonly client: Client;
  readonly address: string;
  readonly project: string;
  readonly endpoint: string;
  readonly clean: (text: Labelled) => Labelled;
}
const minute = 60_000;
/** Of the texts, how many somebody labels within the hour. */
const labelled = 0.8;

/** Hours of an inbox in a moment each: the texts come in, people label some of them, and the clock leaps to the next hour. */
export const createDays = ({ clock, modules, client, address, project, endpoint, clean }: Parts) => {
  const isRunning = async (): Promise<boolean> =>
    (await client.pipelineRuns.list({ params: { project }, query: { limit: 1 } })).items.some(({ status }) => status === 'running');
  const pass = async (minutes: number): Promise<void> => {
    await clock.leap(minutes * minute);
    await modules.settled();
    while (await isRunning()) {
      await pause(50);
      await modules.settled();
    }
  };
  return {
    hour: async (texts: readonly Labelled[]): Promise<readonly Sent[]> => {
      const [early, late] = [texts.slice(0, texts.length / 2), texts.slice(texts.length / 2)];
      const sent: Sent[] = [];
      for (const half of [early, late]) {
        const answered = await sendTexts(address, { project, endpoint }, half.map(clean));
        await pass(15);
        await giveFeedback(client, project, answered.slice(0, Math.round(answered.length * labelled)));
        await pass(15);
        sent.push(...answered);
      }
      return sent;
    },
  };
};
export type Days = ReturnType<typeof createDays>;
