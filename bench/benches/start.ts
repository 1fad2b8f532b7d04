import { compare, type Contender } from '../ground/compare.ts';
import { inScratch } from '../ground/scratch.ts';
import { startBoucle, startMlflow, type StartServer } from '../ground/servers.ts';

export const start = (): Promise<void> => compare([contender('boucle up', startBoucle), contender('mlflow server', startMlflow)], 5);

const contender = (name: string, startServer: StartServer): Contender => ({
  name,
  measure: () =>
    inScratch(async (folder) => {
      const first = await startServer(folder);
      await first.stop();
      const second = await startServer(folder);
      await second.stop();
      return { 'start to healthy, new data (ms)': first.startMs, 'start to healthy, data there (ms)': second.startMs };
    }),
});
