/** The throwaway process in which a user's configuration is imported. What it finds goes over the channel; then it is killed. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startWatchdog } from '../runner/watchdog.ts';
import { errorOf } from '../thrown.ts';
import { whereIn } from '../where.ts';
import { configName, describeProject } from './describe-project.ts';
import { capOutput } from './cap-output.ts';
import { trackHandles } from './track-handles.ts';
import type { EvaluationReport } from './evaluate-config.ts';

const [folder = '.', outputBytes, memoryMb] = process.argv.slice(2);
/** Node's own exit status for a module that waits for what cannot come. */
const unsettled = 13;
const send = process.send!.bind(process);
const report = (message: EvaluationReport): void => void send(message, () => process.exit(0));

const failed = (error: unknown): void => {
  const { message, stack = '' } = errorOf(error);
  report({ kind: 'threw', message, where: whereIn(stack, folder) });
};

process.on('uncaughtException', failed);
process.on('unhandledRejection', failed);
process.on('exit', (code) =>
  send({ kind: code === unsettled ? 'unsettled' : 'exited', where: whereIn(new Error().stack ?? '', folder) } satisfies EvaluationReport),
);
const watch = await startWatchdog();
watch({ memoryMb: Number(memoryMb) });
capOutput(Number(outputBytes), (stack) => report({ kind: 'flooded', where: whereIn(stack, folder) }));
const openHandles = trackHandles();

try {
  const { default: exported } = (await import(pathToFileURL(join(folder, configName)).href)) as { default?: unknown };
  const evaluated = describeProject(exported, folder);
  const left = openHandles()[0];
  report(left ? { kind: 'left', what: left.what, where: whereIn(left.stack, folder) } : { kind: 'evaluated', evaluated });
} catch (error) {
  failed(error);
}
