import { AppError } from '@boucle/contract';
import { isNative, readMlModel, readPackageKind } from '@boucle/models';
import type { Outbound } from '../platform/outbound/index.ts';
import type { OpenHost } from './inference-host.ts';
import { openProcessHost } from './process-host.ts';
import type { PythonEnvironments } from './python/environments.ts';
import { openPythonHost } from './python/python-host.ts';
import { openCommandHost } from './services/command-host.ts';
import { openUrlHost } from './services/url-host.ts';
import { openThreadHost } from './thread-host.ts';

export interface HostParts {
  /** None where models may not bring programs of their own. */
  readonly environments?: PythonEnvironments | undefined;
  /** How models are reached that run elsewhere. */
  readonly outbound: Outbound;
}

/** Native code gets a process, JavaScript a thread, which starts sooner and takes less; what only others can run gets a process of theirs. */
export const createOpenHost =
  ({ environments, outbound }: HostParts): OpenHost =>
  async (folder) => {
    const found = await readPackageKind(folder);
    switch (found.kind) {
      case 'boucle':
        return (isNative(await readMlModel(folder)) ? openProcessHost : openThreadHost)(folder);
      case 'onnx':
        return openProcessHost(folder);
      case 'python':
        if (!environments) throw notAllowed('Python code');
        return openPythonHost(folder, found, environments);
      case 'service': {
        const { command, url } = found.service;
        if (url !== undefined) return openUrlHost(found, url, outbound);
        if (!environments) throw notAllowed('a command');
        return openCommandHost(folder, found, command!);
      }
    }
  };

const notAllowed = (what: string): AppError =>
  new AppError(
    'failed_precondition',
    `The model brings ${what}, and this server runs no programs of models: allow it with the setting modelPrograms`,
    {
      reason: 'programs_not_allowed',
    },
  );
