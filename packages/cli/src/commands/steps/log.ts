import { setTimeout as pause } from 'node:timers/promises';
import { readLog } from '../../failure-report.ts';
import { wholeNumber } from '../../arguments.ts';
import { findStepRun, stepArgument } from '../../step-reference.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly follow?: true;
  readonly attempt?: number;
}

export const showStepLog: Verb = (command, { client, io, inProject }) =>
  command
    .argument(...stepArgument)
    .option('--follow', 'Go on until the step ends')
    .option('--attempt <n>', 'Which attempt; the last where nothing is said', wholeNumber)
    .action(async (reference: string, { follow, attempt }: Options) => {
      const params = await inProject();
      const stepRunId = await findStepRun(client, params, reference);
      let offset = 0;
      for (;;) {
        const pieces = readLog(client, { ...params, stepRunId }, { offset, ...(attempt !== undefined && { attempt }) });
        let piece = await pieces.next();
        for (; !piece.done; piece = await pieces.next()) io.stdout.write(piece.value);
        if (!follow || piece.value.complete) return;
        offset = piece.value.offset;
        await pause(300);
      }
    });
