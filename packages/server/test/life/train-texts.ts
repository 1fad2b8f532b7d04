import assert from 'node:assert/strict';
import type { Client } from '@boucle/sdk';
import { addExamples, applyProject, examples, runPipeline } from '../../src/testing/small-project.ts';

/** A project whose model is registered, however slow the machine is: a child that had no time to start is given another try. */
export const trainTexts = async (client: Client, folder: string): Promise<void> => {
  await applyProject(client, folder);
  await addExamples(client, examples(100));
  for (;;) {
    const { status, steps } = await runPipeline(client, 'training');
    if (status === 'succeeded') return;
    const reasons = steps.flatMap(({ failure }) => failure?.reason ?? []);
    assert.ok(reasons.includes('child_not_started'), reasons.join());
  }
};
