import type { PipelineRun, StepArtifact, Why } from '@boucle/contract';

const plural = (n: number, one: string, other: string): string => (n === 1 ? one : other);

export const en = {
  question: 'What runs when, what was reused, why did it fail?',
  all: 'All pipelines',
  list: 'Pipelines',
  steps: (n: number) => `${n} ${plural(n, 'step', 'steps')}`,
  status: { running: 'running', succeeded: 'done', failed: 'failed', cancelled: 'cancelled' } satisfies Record<
    PipelineRun['status'],
    string
  >,
  run: (pipeline: string, number: number) => `${pipeline} #${number}`,
  runSaid: (number: number, status: string, when: string) => `#${number} ${status}, ${when}`,
  strip: (pipeline: string) => `The last runs of ${pipeline}, oldest first`,
  never: 'Never ran',
  none: 'No run yet. Start one.',
  ago: (said: string | undefined) => said ?? 'just now',
  gone: {
    title: 'Not in the manifest in force',
    body: 'No pipeline of this name is declared now. Its runs stay.',
  },
  triggers: {
    title: 'What starts it',
    none: 'Nothing by itself: a person, or a program that asks.',
    schedule: (cron: string, zone: string) => `Schedule ${cron}, ${zone}`,
    next: (when: string, wait: string | null) => `next ${when} UTC${wait === null ? '' : `, in ${wait}`}`,
    newVersion: 'A new version of',
    webhook: (name: string) => `Webhook ${name}`,
    passedOver: (n: string, count: number) => `${n} missed ${plural(count, 'run was', 'runs were')} passed over`,
    failed: 'The last one could not start:',
    last: 'the last run it started',
    note: 'As the manifest in force declares; on as long as it stands there',
  },
  graph: {
    title: 'Steps',
    note: 'What each step takes from which; arrow keys walk along the lines',
    label: 'Graph of the steps',
    dataset: 'dataset',
  },
  runs: { title: 'Runs', note: 'Newest first', number: 'Run', status: 'State', when: 'Began', took: 'Took', more: 'Show older runs' },
  start: {
    open: 'Start a run',
    again: 'Run again',
    title: (pipeline: string) => `Start ${pipeline}`,
    input: (name: string) => `Input ${name}`,
    latest: (dataset: string) => `${dataset}, the latest version`,
    version: (dataset: string, number: number) => `${dataset} v${number}`,
    noVersion: (dataset: string) => `${dataset} has no version yet`,
    required: 'needed',
    choose: 'by default',
    yes: 'yes',
    no: 'no',
    cache: 'Carry out every step, also where its outputs are held already',
    act: 'Start it',
    keep: 'Not now',
  },
  backfill: {
    open: 'Backfill',
    title: (pipeline: string) => `Backfill ${pipeline}`,
    lead: 'Runs the pipeline once for each due time of its schedule in the past that had no run.',
    from: 'From (UTC)',
    to: 'To (UTC)',
    look: 'See what would run',
    act: (n: string, count: number) => `Start ${n} ${plural(count, 'run', 'runs')}`,
    keep: 'Not now',
    nothing: 'No due time of the schedule lies there.',
    allDone: 'Each due time there has its run already.',
    found: 'Due times',
    item: { new: 'would run', waiting: 'waits', started: 'ran', failed: 'failed to start' },
    begun: (n: string, count: number) => `${n} ${plural(count, 'run is', 'runs are')} on the way.`,
  },
  cancel: {
    open: 'Cancel',
    title: (run: string) => `Cancel ${run}?`,
    follows: [
      'Steps under way are ended at once; what they have not handed over is lost.',
      'Steps that are done stay done, and the next run reuses them.',
      'Steps that wait never begin.',
    ] as readonly string[],
    act: 'Cancel the run',
    keep: 'Let it run on',
  },
  lead: {
    by: (who: string, when: string) => `started by ${who}, ${when} UTC`,
    took: (duration: string) => `took ${duration}`,
    so: (duration: string) => `for ${duration} so far`,
    counts: (done: number, all: number, cached: number) =>
      `${done} of ${all} ${plural(all, 'step', 'steps')} done${cached > 0 ? `, ${cached} from the cache` : ''}`,
    story: 'its story',
    run: 'its run',
    params: 'Parameters',
    inputs: 'Inputs',
  },
  timeline: {
    title: 'When',
    note: 'Each step in the time of its run; a hatched one came from the cache',
    open: (step: string) => `Open ${step}`,
  },
  step: {
    choose: 'Choose a step to see why it ran, what went in and out, and its log.',
    missing: (step: string) => `This run has no step ${step}.`,
    attempt: (n: number) => `attempt ${n}`,
    run: 'its run',
    code: 'Code',
    why: 'Why it ran, or did not',
    waiting: 'It has not had its turn yet.',
    verdict: {
      cached: 'It did not run: nothing that it depends on has changed. Its outputs are those of an earlier run.',
      first: 'It ran because it never had before in this project.',
      changed: 'It ran because this changed since its run before:',
      uncached: 'It ran because it is not to be reused: by its options, by what it does, or because this run asked for it.',
      outputs_missing: 'It ran again because its outputs were held, but are missing or damaged in the store.',
      same: 'It ran although nothing changed: the run before had not ended yet, or left no outputs.',
    } satisfies Record<Why['verdict'], string>,
    compared: 'the run before',
    cachedFrom: 'the run that made them',
    part: (part: string) => {
      const [kind = '', ...name] = part.split('.');
      const words: Record<string, string> = {
        code: 'code',
        inputs: 'input',
        params: 'parameter',
        environment: 'environment',
        runtime: 'runtime',
        salt: 'salt',
      };
      return [words[kind] ?? kind, name.join('.')].filter(Boolean).join(' ');
    },
    before: 'before',
    now: 'now',
    failed: (kind: string) => `Why it failed: ${kind}`,
    at: (place: string) => `at ${place}`,
    kind: { user: 'the step’s own error', infrastructure: 'the machinery', timeout: 'it took too long', cancelled: 'it was cancelled' },
    inputs: 'In',
    outputs: 'Out',
    nothingIn: 'Nothing goes in.',
    nothingOut: 'Nothing has come out.',
    artifact: { table: 'table', file: 'file', folder: 'folder', model: 'model', value: 'value' } satisfies Record<
      StepArtifact['kind'],
      string
    >,
    rows: (n: string, count: number) => `${n} ${plural(count, 'row', 'rows')}`,
    from: 'from',
    notYet: 'not made yet',
    param: 'parameter',
  },
  log: {
    title: 'Log',
    lines: (n: string, count: number) => `${n} ${plural(count, 'line', 'lines')}`,
    attempt: 'Attempt',
    toError: 'First error',
    toEnd: 'Newest line',
    empty: 'Nothing was printed.',
    waiting: 'Nothing was printed yet.',
    cached: 'It did not run here, so it printed nothing.',
    cut: 'Only the first part is shown: the log is longer than a page should hold.',
    failed: 'The log could not be read.',
    region: 'Log of the step',
  },
  empty: {
    title: 'No pipeline yet',
    body: 'A pipeline says which steps turn data into a model. Declare one in the project, then apply it.',
    next: 'Then:',
  },
  example: `import { defineDataset, definePipeline, defineProject, evaluate, register, split, trainText, Type } from '@boucle/project';

const tweets = defineDataset('tweets', { source: 'tweets.csv', columns: { text: Type.String(), mood: Type.Enum(['bad', 'good']) } });
const training = definePipeline('training', { inputs: { tweets } }, ({ tweets }) => {
  const { train, validation, test } = split({ data: tweets, stratify: 'mood', seed: 7 });
  const { model } = trainText({ train, validation, approach: 'logistic-regression', seed: 7 });
  const { report, predictions } = evaluate({ model, data: test });
  register({ model, report, predictions, name: 'mood', alias: 'champion' });
});
export default defineProject('mood', { problem: 'To hear anger early', datasets: [tweets], pipelines: [training] });`,
};
export type PipelineWords = typeof en;
