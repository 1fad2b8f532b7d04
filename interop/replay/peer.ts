import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { freePort, type Program, startProgram, untilHealthy } from '../../bench/ground/processes.ts';

/** MLflow's own server on a database in a folder, with one worker. */
export const startPeer = async (python: string, folder: string): Promise<Program & { url: string }> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await mkdir(folder, { recursive: true });
  const args = ['--host', '127.0.0.1', '--port', String(port), '--workers', '1', '--serve-artifacts'];
  const stores = [
    '--backend-store-uri',
    `sqlite:///${path.join(folder, 'mlflow.db')}`,
    '--artifacts-destination',
    path.join(folder, 'artifacts'),
  ];
  const program = startProgram(python, ['-m', 'mlflow', 'server', ...args, ...stores], {
    cwd: folder,
    // Its runners of jobs are not asked, start slowly, and would outlive it.
    env: { MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true', PYTHONUNBUFFERED: '1', MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' },
  });
  await untilHealthy(`${url}/health`);
  return { ...program, url };
};
