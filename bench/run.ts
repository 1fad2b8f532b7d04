import { describeLoad, describeMachine } from './ground/machine.ts';

interface Bench {
  readonly about: string;
  /** What may be said after its name; it reads them itself. */
  readonly options?: string;
  readonly load: () => Promise<() => Promise<void>>;
}

/** Only the bench that is asked for is loaded. */
const benches: Readonly<Record<string, Bench>> = {
  start: {
    about: 'from starting the process to the first healthy answer, against mlflow server',
    load: async () => (await import('./benches/start.ts')).start,
  },
  memory: {
    about: 'memory of an idle server with all its processes, against mlflow server',
    load: async () => (await import('./benches/memory.ts')).memory,
  },
  runs: {
    about: 'creating runs and logging to them with 1, 8 and 64 writers, against mlflow server',
    load: async () => (await import('./benches/runs.ts')).runs,
  },
  search: {
    about: 'searches over experiments of 1,000, 10,000 and 100,000 runs',
    load: async () => (await import('./benches/search.ts')).search,
  },
  tracking: {
    about: "MLflow's calls, from log-metric to searches, on SQLite and on Postgres, against mlflow server",
    options: '[--quick] [--file MiB] [--rounds 1] [--workers 4]',
    load: async () => (await import('./benches/tracking.ts')).tracking,
  },
  web: {
    about: 'the page of runs in a browser: first rows, scrolling, a click on a column head, a curve',
    options: '[--runs 100000] [--points 100000] [--rounds 3]',
    load: async () => (await import('./benches/web.ts')).web,
  },
  predict: {
    about: 'predictions of one row over HTTP at both levels of logging, against the same model called in process',
    load: async () => (await import('./benches/predict.ts')).predict,
  },
  variants: {
    about: 'what a shadow and a second live variant cost those who wait for an answer',
    load: async () => (await import('./benches/variants.ts')).variants,
  },
  load: {
    about: 'how fast /healthz answers under slow queries, slow fsyncs, an ingestion, predictions, and all of it',
    load: async () => (await import('./benches/load.ts')).load,
  },
  decisions: {
    about: 'how often rollouts and drift alarms decide wrongly, beside what others do with the same data',
    load: async () => (await import('./benches/decisions.ts')).decisions,
  },
  watch: {
    about: 'a million predictions in one window of a monitor, from the log to the verdict, and what callers notice of it',
    load: async () => (await import('./benches/watch.ts')).watch,
  },
  electricity: {
    about: 'a model that stays as it is, and one that is trained again when drift is found, in a market that changes',
    load: async () => (await import('./benches/electricity.ts')).electricity,
  },
  trees: {
    about: 'gradient-boosted trees on a census table and a million made-up rows, against LightGBM',
    load: async () => (await import('./benches/trees.ts')).trees,
  },
  gradients: {
    about: 'loss and gradients of a BiLSTM and a transformer over 50 steps from the same weights, against PyTorch',
    load: async () => (await import('./benches/gradients.ts')).gradients,
  },
  bilstm: {
    about: 'a step of training a BiLSTM, with one thread and two, against PyTorch',
    load: async () => (await import('./benches/bilstm.ts')).bilstm,
  },
  'bilstm-quality': {
    about: 'a BiLSTM trained on two data sets, against the same in PyTorch',
    options: '[--seeds 1,2,3] [--data sst2,airline]',
    load: async () => (await import('./benches/bilstm-quality.ts')).bilstmQuality,
  },
  bert: {
    about: 'a step of training an encoder of BERT-base size, with one thread and two, against PyTorch',
    load: async () => (await import('./benches/bert.ts')).bert,
  },
  'bert-equal': {
    about: 'ids, states and logits of a real checkpoint, against transformers',
    load: async () => (await import('./benches/bert-equal.ts')).bertEqual,
  },
  'bert-quality': {
    about: 'MiniLM fine-tuned on two data sets, against the same in PyTorch',
    options: '[--seeds 1,2,3] [--epochs 3] [--rows N] [--data sst2,airline] [--threads 1]',
    load: async () => (await import('./benches/bert-quality.ts')).bertQuality,
  },
  logistic: {
    about: 'from 100,000 and 1,000,000 tweets in a file to TF-IDF and logistic regression, against scikit-learn',
    load: async () => (await import('./benches/logistic.ts')).logistic,
  },
  'logistic-quality': {
    about: 'accuracy of TF-IDF and logistic regression on two public sets, beside scikit-learn with the same terms',
    load: async () => (await import('./benches/logistic-quality.ts')).logisticQuality,
  },
  ingest: {
    about: 'rows and megabytes a second from a CSV of 200,000 rows to a dataset version',
    load: async () => (await import('./benches/ingest.ts')).ingest,
  },
};

const [name = '', ...rest] = process.argv.slice(2);
const bench = benches[name];
if (!bench || (rest.length > 0 && !bench.options)) {
  console.log(
    `npm run bench -- <name>\n\n${Object.entries(benches)
      .map(([one, { about, options }]) => `  ${one.padEnd(18)}${about}${options ? `\n${' '.repeat(20)}${options}` : ''}`)
      .join('\n')}`,
  );
  process.exitCode = name === '' ? 0 : 2;
} else {
  console.log(`${name}: ${bench.about}\n${describeMachine()}\n`);
  const run = await bench.load();
  await run();
  console.log(`\n${describeLoad()}`);
}
