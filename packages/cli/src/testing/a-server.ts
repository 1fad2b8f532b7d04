import { join } from 'node:path';
import { loadConfig, startServer } from '@boucle/server';
import { temporaryFolder } from './temporary-folder.ts';

/** A server with a folder of its own, at a free port; `close` takes both away. */
export const aServer = async () => {
  const { folder, remove } = await temporaryFolder();
  const config = await loadConfig({ env: {}, flags: { data: join(folder, 'data'), port: 0, logLevel: 'silent', checkAnswers: true } });
  const server = await startServer(config, { writeLog: () => {} });
  return {
    folder,
    address: server.address,
    close: async (): Promise<void> => {
      await server.close();
      await remove();
    },
  };
};
