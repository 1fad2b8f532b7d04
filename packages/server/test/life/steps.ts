import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BoucleEvent, PipelineRun, StepRun } from '@boucle/contract';
import type { Client } from '@boucle/sdk';
import { project } from '../../src/testing/small-project.ts';

interface More {
  readonly imports?: string;
  readonly params?: string;
}
/** The module of a step with one output, `answer`; the body has what a step is given, and its parameters by name. */
export const stepFile = (id: string, body: string, { imports = '', params = '{}' }: More = {}): string => {
  const names = [...params.matchAll(/(\w+):/g)].map(([, name]) => name).join(', ');
  return `import { Type, defineStep, value } from '@boucle/project';
${imports}
export const ${id} = defineStep(import.meta, '${id}', {
  params: ${params},
  outputs: { answer: value(Type.Number()) },
  run: async ({ ${names} }, { out, log, metric, progress, random, signal }) => {
    ${body}
  },
});
`;
};

export const stepNamed = ({ steps }: PipelineRun, name: string): StepRun => steps.find(({ step }) => step === name)!;

export const logOf = async (client: Client, stepRunId: string): Promise<string> =>
  (await client.stepRuns.log({ params: { project, stepRunId }, query: { limit: 1_000_000 } })).text;

export const untilLogged = async (client: Client, stepRunId: string, what: RegExp): Promise<string> => {
  for (;;) {
    const log = await logOf(client, stepRunId);
    if (what.test(log)) return log;
    await sleep(25);
  }
};

/** All that happened in a run that has ended; its last news gets its number a moment after the end. */
export const storyOf = async (client: Client, { id, correlationId }: PipelineRun): Promise<BoucleEvent[]> => {
  for (;;) {
    const { events } = await client.reports.story({ params: { project, correlationId }, query: { limit: 1000 } });
    if (events.some(({ type, subject }) => type === 'pipeline_run.ended' && subject.id === id)) return events;
    await sleep(10);
  }
};

/** Processes with all their descendants. */
export const familyOf = async (leaders: readonly number[]): Promise<number[]> => {
  const parents = new Map<number, number>();
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''); // ended meanwhile
    if (stat) parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const family = [...leaders];
  for (const member of family) family.push(...[...parents].filter(([, parent]) => parent === member).map(([pid]) => pid));
  return family;
};
