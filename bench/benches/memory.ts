import { setTimeout as pause } from 'node:timers/promises';
import { compare, type Contender } from '../ground/compare.ts';
import { memoryOf } from '../ground/processes.ts';
import { inScratch } from '../ground/scratch.ts';
import { startBoucle, startMlflow, type StartServer } from '../ground/servers.ts';

const idleSeconds = 10;

export const memory = (): Promise<void> => compare([contender('boucle up', startBoucle), contender('mlflow server', startMlflow)], 3);

const contender = (name: string, startServer: StartServer): Contender => ({
  name,
  measure: () =>
    inScratch(async (folder) => {
      const server = await startServer(folder);
      await pause(idleSeconds * 1000);
      const { processes, rssMb, pssMb } = memoryOf(server.child.pid!);
      await server.stop();
      return { processes, 'resident, all processes (MiB)': rssMb, 'proportional, shared pages once (MiB)': pssMb };
    }),
});
