import {
  Type,
  compare,
  compareApproaches,
  defineDataset,
  definePipeline,
  defineProject,
  evaluate,
  expect,
  learningCurve,
  measureModel,
  register,
  searchText,
  split,
  validate,
  withDefault,
} from '@boucle/project';
import { approaches } from './approaches.ts';
import { clean } from './steps/clean.ts';

const suite = [expect.notNull('text'), expect.oneOf('label', ['negative', 'neutral', 'positive'])];

const tweets = defineDataset('tweets', {
  source: 'tweets.csv',
  key: ['tweet_id'],
  columns: { tweet_id: Type.String(), text: Type.String(), label: Type.Enum(['negative', 'neutral', 'positive']) },
  from: { label: 'sentiment' },
  others: 'drop',
  expect: suite,
  personal: ['text'],
});

/** What the best is chosen by, on validation rows. */
const goal = { by: 'f1', of: 'negative' };

/** Each approach is searched and trained in an experiment of its own; no test row is looked at before the best is chosen. */
const comparing = definePipeline(
  'compare',
  { inputs: { tweets }, params: { seed: withDefault(Type.Integer({ minimum: 0 }), 7), seconds: withDefault(Type.Number(), 3) } },
  ({ tweets, seed, seconds }) => {
    const { rows } = clean({ rows: validate({ data: tweets, suite }).data });
    const { train, validation, test } = split({ data: rows, stratify: 'label', validation: 0.15, test: 0.2, seed });
    const entries = Object.entries(approaches).map(([name, search]) => {
      const filed = (what: string) => ({ name: `${name}-${what}`, experiment: `sentiment/${name}` });
      const { approach, fixed = {} } = search;
      const { model, settings } = searchText({ ...search, ...goal, train, validation, seed }, { ...filed('search') });
      const { predictions: validated } = evaluate({ model, data: validation, positive: goal.of }, { name: `${name}-validate` });
      const tested = evaluate({ model, data: test, positive: goal.of }, filed('test'));
      const { curve } = learningCurve({ approach, settings, fixed, seed, ...goal, train, validation, data: test }, filed('curve'));
      const { measure } = measureModel({ model, data: test, seconds }, filed('measure'));
      return { name, model, settings, validated, tested, curve, measure };
    });
    const { comparison, page } = compareApproaches({
      ...goal,
      test,
      names: entries.map(({ name }) => name),
      validated: entries.map((one) => one.validated),
      tested: entries.map((one) => one.tested.predictions),
      settings: entries.map((one) => one.settings),
      curves: entries.map((one) => one.curve),
      measures: entries.map((one) => one.measure),
    });
    const { best } = compare({ ...goal, candidates: entries.map(({ model }) => model), data: validation });
    const { report, predictions } = evaluate({ model: best, data: test, positive: goal.of });
    const { version } = register({ model: best, report, predictions, name: 'sentiment' });
    return { comparison, page, version };
  },
);

export default defineProject('sentiment', {
  problem: 'Complaints are found hours late. Which approach finds them best, and what does it cost?',
  owners: [],
  risk: 'limited',
  kpis: { f1: { metric: 'f1', of: 'negative', target: { atLeast: 0.8 }, because: 'Below it, reading everything by hand is quicker' } },
  datasets: [tweets],
  pipelines: [comparing],
  endpoints: [],
  monitors: [],
});
