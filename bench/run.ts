import { describeLoad, describeMachine } from './ground/machine.ts';

interface Bench {
  readonly about: string;
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
  predict: {
    about: 'predictions of one row over HTTP at both levels of logging, against the same model called in process',
    load: async () => (await import('./benches/predict.ts')).predict,
  },
  load: {
    about: 'how fast /healthz answers under slow queries, slow fsyncs, an ingestion, predictions, and all of it',
    load: async () => (await import('./benches/load.ts')).load,
  },
  ingest: {
    about: 'rows and megabytes a second from a CSV of 200,000 rows to a dataset version',
    load: async () => (await import('./benches/ingest.ts')).ingest,
  },
};

const [name = '', ...rest] = process.argv.slice(2);
const bench = benches[name];
if (!bench || rest.length > 0) {
  console.log(
    `npm run bench -- <name>\n\n${Object.entries(benches)
      .map(([one, { about }]) => `  ${one.padEnd(9)}${about}`)
      .join('\n')}`,
  );
  process.exitCode = name === '' ? 0 : 2;
} else {
  console.log(`${name}: ${bench.about}\n${describeMachine()}\n`);
  const run = await bench.load();
  await run();
  console.log(`\n${describeLoad()}`);
}
