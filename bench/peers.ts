import path from 'node:path';
import { pythonEnvironment } from '../interop/python-environment.ts';

/** Where the peer is installed: `node bench/peers.ts` does it ahead, the first bench that wants it does it otherwise. Never part of CI. */
export const mlflowProgram = (): string =>
  path.join(
    path.dirname(
      pythonEnvironment(path.join(import.meta.dirname, '.venv'), path.join(import.meta.dirname, 'requirements.txt'), { compile: true }),
    ),
    'mlflow',
  );

if (import.meta.main) console.log(mlflowProgram());
