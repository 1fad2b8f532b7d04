import {
  Type,
  compare,
  defineCommand,
  defineDataset,
  defineEndpoint,
  defineMonitor,
  definePipeline,
  defineProject,
  evaluate,
  expect,
  file,
  model,
  register,
  split,
  trainText,
  validate,
  withDefault,
} from '@boucle/project';
import { clean } from './steps/clean.ts';

const suite = [
  expect.notNull('text'),
  expect.oneOf('mood', ['negative', 'neutral', 'positive']),
  expect.length('text', { max: 1000, mostly: 0.999 }),
];

export const tweets = defineDataset('tweets', {
  source: 'data/airline-tweets.csv',
  key: ['tweet_id'],
  columns: { tweet_id: Type.String(), text: Type.String(), mood: Type.Enum(['negative', 'neutral', 'positive']), airline: Type.String() },
  from: { mood: 'airline_sentiment' },
  others: 'drop',
  expect: suite,
  personal: ['text'],
});

/** The team's own trainer stays in Python. */
export const distil = defineCommand('distil', {
  inputs: { data: file() },
  params: { epochs: withDefault(Type.Integer(), 3) },
  outputs: { model: model('text-classification') },
  secrets: ['HF_TOKEN'],
  command: ['python', 'distil.py', '--data', '{data}', '--epochs', '{epochs}', '--out', '{model}'],
  reads: ['distil.py', 'lib/**/*.py'],
  python: { lock: 'requirements.lock' },
});

const gpu = { executor: 'cluster', resources: { gpus: 1 }, timeout: '6h', retry: { max: 2, on: 'infrastructure' } } as const;

export const training = definePipeline(
  'training',
  {
    inputs: { tweets },
    params: { seed: withDefault(Type.Integer(), 7) },
    on: [{ schedule: '0 3 * * *', zone: 'Europe/Paris' }, { newVersionOf: tweets }],
  },
  ({ tweets, seed }) => {
    const checked = validate({ data: tweets, suite });
    const cleaned = clean({ tweets: checked.data });
    const { train, validation, test } = split({ data: cleaned.tweets, stratify: 'label', seed });

    const candidates = ([0.3, 1, 3] as const).map((C) =>
      trainText(
        { train, validation, approach: 'logistic-regression', C, seed },
        { name: `C-${C}`, experiment: 'sentiment/logistic-regression', ...(C > 1 && gpu) },
      ),
    );

    const { best } = compare({ candidates: candidates.map((c) => c.model), data: validation, by: 'f1', of: 'negative' });
    const { report, predictions } = evaluate({ model: best, data: test });
    const { version } = register({ model: best, report, predictions, name: 'sentiment' });
    return { version, report };
  },
);

export const sentiment = defineEndpoint('sentiment', {
  model: 'sentiment@champion',
  environment: 'production',
  gates: [
    { metric: 'recall', of: 'negative', atLeast: 0.85 },
    { metric: 'f1', noWorseThan: 'champion', margin: 0.005 },
  ],
  approvals: 1,
  shadow: { share: 1, pairs: 500 },
  canary: { shares: [0.05, 0.1, 0.25, 0.5], alpha: 0.05, margin: 0.5 },
});

export const badBuzz = defineMonitor('bad-buzz', {
  endpoint: sentiment,
  drift: { columns: ['text', 'prediction'], falseAlarms: '1 a month' },
  alerts: [{ name: 'bad buzz', count: { prediction: 'negative' }, above: 3, within: '5m', notify: ['support-slack'] }],
  retrain: { pipeline: training, on: ['drift', 'kpi:recall'], cooldown: '6h' },
});

export default defineProject('airline', {
  problem: 'Support reads angry tweets hours late. Find them within a minute.',
  owners: ['social-care'],
  risk: 'limited',
  kpis: {
    recall: { metric: 'recall', of: 'negative', target: { atLeast: 0.85 }, because: 'A missed complaint costs more than a false one' },
    latency: { metric: 'latency_p95_ms', target: { atMost: 50 }, because: 'The inbox is sorted while the agent looks at it' },
  },
  datasets: [tweets],
  pipelines: [training],
  endpoints: [sentiment],
  monitors: [badBuzz],
});
