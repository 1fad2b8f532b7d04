import type { PipelineRun, StepRun, StepStatus } from '@boucle/contract';
import { between, count, plural, seconds } from '../terminal/format.ts';
import type { Format, Paint } from '../terminal/paint.ts';

const marks: Readonly<Record<StepStatus, readonly [Format, string]>> = {
  waiting: ['dim', '·'],
  queued: ['dim', '○'],
  running: ['cyan', '●'],
  succeeded: ['green', '✓'],
  cached: ['green', '='],
  failed: ['red', '✗'],
  cancelled: ['yellow', '-'],
  lost: ['red', '?'],
};

/** `✓ clean      succeeded  1.2 s`: one step as it stands at a time. */
export const stepLine = (step: StepRun, { width, now }: { width: number; now: string }, paint: Paint): string => {
  const [colour, mark] = marks[step.status];
  const took = between(step.startedAt, step.endedAt ?? now);
  const parts = [
    step.status,
    progressOf(step),
    took !== null && step.status !== 'cached' ? seconds(Math.max(0, took)) : '',
    step.attempt > 1 ? `attempt ${step.attempt}` : '',
  ];
  return `  ${paint(colour, mark)} ${step.step.padEnd(width)}  ${paint(step.status === 'waiting' ? 'dim' : [], parts.filter(Boolean).join('  '))}`;
};

const progressOf = ({ status, progress }: StepRun): string => {
  if (status !== 'running' || !progress) return '';
  return progress.total ? `${Math.floor((100 * progress.done) / progress.total)} %` : count(progress.done);
};

export const stepWidth = ({ steps }: PipelineRun): number => Math.max(...steps.map(({ step }) => step.length));

/** All steps in the order of the plan. */
export const stepLines = (run: PipelineRun, now: string, paint: Paint): string[] =>
  run.steps.map((step) => stepLine(step, { width: stepWidth(run), now }, paint));

/** `training 3 succeeded in 4.2 s, 2 of 6 steps cached` */
export const runSummary = (run: PipelineRun, paint: Paint): string => {
  const { pipeline, number, status, startedAt, endedAt, steps, outputs } = run;
  const took = between(startedAt, endedAt);
  const cached = steps.filter((step) => step.status === 'cached').length;
  const colour = { running: 'cyan', succeeded: 'green', failed: 'red', cancelled: 'yellow' } as const;
  return [
    `${paint('bold', `${pipeline} ${number}`)} ${paint(colour[status], status)}`,
    took !== null ? ` in ${seconds(took)}` : '',
    cached > 0 ? `, ${cached} of ${plural(steps.length, 'step')} from the cache` : '',
    ...scalars(outputs).map(([name, output]) => `\n${name}: ${output}`),
  ].join('');
};

/** What a pipeline hands over and can be said in a word, such as the version that it registered. */
const scalars = (outputs: PipelineRun['outputs']): [name: string, value: string][] =>
  Object.entries(outputs).flatMap(([name, output]) => {
    const said = (output as { readonly value?: unknown } | null)?.value;
    return typeof said === 'string' || typeof said === 'number' || typeof said === 'boolean' ? [[name, String(said)]] : [];
  });
