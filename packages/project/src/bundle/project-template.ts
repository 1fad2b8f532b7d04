import type { CompleteProject } from './new-project.ts';

/** The files of a new project, by path; all but its package.json. */
export const projectTemplate = (project: CompleteProject): Readonly<Record<string, string>> => ({
  'boucle.config.ts': config(project),
  'steps/clean.ts': cleanStep(project),
  'steps/clean.test.ts': cleanTest(project),
  'tsconfig.json': tsconfig,
  '.gitignore': 'node_modules/\n.boucle/\n',
  'README.md': readme(project),
});

/** Text as TypeScript writes it, in single quotes. */
const quoted = (text: string): string => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
const list = (texts: readonly string[]): string => `[${texts.map(quoted).join(', ')}]`;

/** The name of the key's column in the project, which calls text and label always so. */
const keyName = ({ key, text, label }: CompleteProject): string | undefined => {
  if (key === undefined) return undefined;
  if (key === text) return 'text';
  return key === label ? 'label' : 'id';
};
const otherThan = (positive: string): string => (positive === 'other' ? 'rest' : 'other');
const labelsLeft = ({ labels, positive }: CompleteProject): readonly string[] | undefined =>
  positive === undefined ? labels : [positive, otherThan(positive)];
const typeOf = (values: readonly string[] | undefined): string => (values ? `Type.Enum(${list(values)})` : 'Type.String()');

/** Names that the configuration uses for something else. */
const taken = new Set([
  'channels',
  'clean',
  'desk',
  'endpoint',
  'watch',
  'evaluate',
  'expect',
  'register',
  'split',
  'suite',
  'training',
  'validate',
  'checked',
  'cleaned',
  'train',
  'test',
  'validation',
  'seed',
  'default',
  'export',
  'import',
  'new',
]);

const config = (project: CompleteProject): string => {
  const { name, dataset, source, text, label, labels, positive } = project;
  const key = keyName(project);
  const variable = /^[a-z][A-Za-z]*$/.test(dataset) && !taken.has(dataset) ? dataset : 'examples';
  const columns = [...(key === 'id' ? ['id: Type.String()'] : []), 'text: Type.String()', `label: ${typeOf(labels)}`];
  const renamed = Object.entries({ ...(key === 'id' && { id: project.key ?? 'id' }), text, label }).filter(
    ([ours, theirs]) => ours !== theirs,
  );
  const from = renamed.map(([ours, theirs]) => `${ours}: ${quoted(theirs)}`);
  const suite = [`expect.notNull('text')`, `expect.notNull('label')`, ...(labels ? [`expect.oneOf('label', ${list(labels)})`] : [])];
  const [metric, of] = positive === undefined ? ['accuracy', ''] : ['recall', ` of: ${quoted(positive)},`];
  const notify = project.webhook === undefined ? '[]' : `['desk']`;
  return `import { Type, ${project.webhook === undefined ? '' : 'defineChannel, '}defineDataset, defineEndpoint, defineMonitor, definePipeline, defineProject, evaluate, expect, register, split, trainText, validate, withDefault } from '@boucle/project';
import { clean } from './steps/clean.ts';

/** What has to be true of the rows. Where an error is not, the pipeline stops before it learns from them. */
const suite = [
  ${suite.join(',\n  ')},
  { ...expect.length('text', { min: 1, max: 1000, mostly: 0.99 }), level: 'warning' as const },
];

export const ${variable} = defineDataset(${quoted(dataset)}, {
  source: ${quoted(source)},${key === undefined ? '' : `\n  /** Names a row for ever: across versions, splits and erasures. */\n  key: [${quoted(key)}],`}
  columns: { ${columns.join(', ')} },${from.length > 0 ? `\n  /** Where a column has another name in the source. */\n  from: { ${from.join(', ')} },` : ''}
  others: 'drop',
  expect: suite,
  personal: ['text'],
});

/** Steps are called like functions; what is written here is the plan, and nothing runs yet. */
export const training = definePipeline(
  'training',
  { inputs: { ${variable} }, params: { seed: withDefault(Type.Integer({ minimum: 0 }), 7) } },
  ({ ${variable}, seed }) => {
    const checked = validate({ data: ${variable}, suite });
    const cleaned = clean({ rows: checked.data });
    const { train, validation, test } = split({ data: cleaned.rows, stratify: 'label', seed });
    const { model } = trainText({ train, validation, approach: 'logistic-regression', seed }, { name: 'train', experiment: ${quoted(`${name}/logistic-regression`)} });
    const { report, predictions } = evaluate({ model, data: test${positive === undefined ? '' : `, positive: ${quoted(positive)}`} });
    const { version } = register({ model, report, predictions, name: ${quoted(name)} });
    return { version, report };
  },
);

/** The first version that is deployed is the champion; each later one has to win its place, stage by stage. */
export const endpoint = defineEndpoint(${quoted(name)}, {
  model: ${quoted(`${name}@champion`)},
  environment: 'production',
  gates: [{ metric: 'accuracy', noWorseThan: 'champion', margin: 0.02 }],
  shadow: { share: 1, pairs: 200 },
  canary: { shares: [0.1, 0.25, 0.5], alpha: 0.05, margin: 0.5, step: { requests: 300 } },
});
${project.webhook === undefined ? '' : `\nexport const desk = defineChannel('desk', { kind: 'webhook', url: ${quoted(project.webhook)} });\n`}
export const watch = defineMonitor('watch', {
  endpoint,
  windows: { every: '1h', lateness: '5m' },
  drift: { columns: ['text', 'prediction', 'confidence'], falseAlarms: '1 a month' },
  alerts: [
    ${alertRule(project, notify)},
    { name: 'the world changed', drift: true, notify: ${notify}, advice: 'See which words are new: boucle monitors show watch' },
    { name: 'failing', errorRate: { above: 0.05 }, within: '5m', notify: ${notify}, advice: 'See the log of the server, and what was deployed last' },
  ],
  /** What people say of predictions becomes rows to learn from. */
  retrain: { pipeline: training, on: ['drift', ${quoted(`kpi:${metric}`)}], cooldown: '6h', budget: '30 a month', labels: { dataset: ${variable}, column: 'label', minimum: 200 } },
});

export default defineProject(${quoted(name)}, {
  problem: ${quoted(problem(project))},
  owners: [],
  risk: 'limited',
  kpis: {
    ${metric}: { metric: ${quoted(metric!)},${of} target: { atLeast: 0.8 }, because: 'Below it, reading everything by hand is quicker' },
    latency: { metric: 'latency_p95_ms', target: { atMost: 50 }, because: 'Texts are sorted while somebody looks at them' },
  },
  datasets: [${variable}],
  pipelines: [training],
  endpoints: [endpoint],
  monitors: [watch],${project.webhook === undefined ? '' : '\n  channels: [desk],'}
});
`;
};

/** Many of what is looked for at once, where something is looked for. */
const alertRule = ({ positive }: CompleteProject, notify: string): string =>
  positive === undefined
    ? `{ name: 'silence', noData: '1d', notify: ${notify}, advice: 'Is the sender of texts still running?' }`
    : `{ name: ${quoted(`many ${positive}`)}, share: { prediction: ${quoted(positive)} }, above: 0.75, within: '1h', notify: ${notify}, advice: 'Read the latest ones: boucle predictions list' }`;

const problem = ({ source, positive, label }: CompleteProject): string =>
  positive === undefined
    ? `Texts such as those in ${source} are labelled by hand (${label}). Label new ones as they come in.`
    : `Texts that are ${positive} are found hours late. Find them as they come in.`;

const cleanStep = (project: CompleteProject): string => {
  const left = labelsLeft(project);
  const { positive } = project;
  const label =
    positive === undefined
      ? 'label'
      : `label: label === ${quoted(positive)} ? (${quoted(positive)} as const) : (${quoted(otherThan(positive))} as const)`;
  return `import { Type, defineStep, table, withDefault } from '@boucle/project';

/** Handles and links say nothing about the label. */
export const bare = (text: string): string =>
  text
    .replaceAll(/@\\w+|https?:\\S+/g, ' ')
    .replaceAll(/\\s+/g, ' ')
    .trim();

export const clean = defineStep(import.meta, 'clean', {
  inputs: { rows: table({ text: Type.String(), label: ${typeOf(project.labels)} }) },
  params: { minLength: withDefault(Type.Integer(), 3) },
  outputs: { rows: table({ text: Type.String(), label: ${typeOf(left)} }) },
  run: async ({ rows, minLength }, { out, log, progress }) => {
    let [seen, kept] = [0, 0];
    for await (const batch of rows.batches()) {
      const cleaned = batch.map(({ _row, text, label }) => ({ _row, text: bare(text), ${label} }));
      const long = cleaned.filter(({ text }) => text.length >= minLength);
      await out.rows.append(long);
      kept += long.length;
      progress((seen += batch.length));
    }
    log(\`\${kept} of \${seen} rows kept\`);
  },
});
`;
};

const cleanTest = (project: CompleteProject): string => {
  const [given, other] = [
    project.positive ?? project.labels?.[0] ?? 'good',
    project.labels?.find((one) => one !== project.positive) ?? 'else',
  ];
  const expected = project.positive === undefined ? other : otherThan(project.positive);
  return `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bare, clean } from './clean.ts';

test('handles and links are dropped', () => {
  assert.equal(bare('@united late AGAIN http://t.co/x'), 'late AGAIN');
});

test('rows keep their identity, and what is left too short is dropped', async () => {
  const written: unknown[] = [];
  const append = async (rows: readonly unknown[]) => void written.push(...rows);
  const batches = async function* () {
    yield [
      { _row: 'a', text: '@a ok', label: ${quoted(given)} as const },
      { _row: 'b', text: '@a late again', label: ${quoted(other)} as const },
    ];
  };
  const nothing = () => {};
  await clean.run(
    { rows: { path: '', batches }, minLength: 3 },
    {
      out: { rows: { append, appendNew: append, select: async () => {} } },
      random: () => 0,
      secret: () => '',
      signal: new AbortController().signal,
      log: nothing,
      progress: nothing,
      metric: nothing,
    },
  );
  assert.deepEqual(written, [{ _row: 'b', text: 'late again', label: ${quoted(expected)} }]);
});
`;
};

const tsconfig = `${JSON.stringify(
  {
    compilerOptions: {
      module: 'nodenext',
      target: 'es2024',
      lib: ['es2024'],
      types: ['node'],
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      erasableSyntaxOnly: true,
      verbatimModuleSyntax: true,
      skipLibCheck: true,
    },
    include: ['boucle.config.ts', 'steps'],
  },
  null,
  2,
)}
`;

const readme = ({ name, dataset, source }: CompleteProject): string => `# ${name}

A project of Boucle. \`boucle.config.ts\` says what there is: a dataset, a pipeline, an endpoint, and what they are for.

\`\`\`sh
boucle up                            # the server, in a terminal of its own
boucle apply                         # record this project there
boucle datasets add ${dataset.padEnd(8)}         # make a version of ${source}
boucle pipelines run training        # validate, clean, split, train, evaluate, register
boucle deploy ${name}
boucle predict ${name} --text "…"
boucle trace <prediction>            # back to the rows that it learned from
\`\`\`

- \`steps/clean.ts\` is a step of your own; \`npm test\` (with Node 24) runs it on plain rows, \`boucle steps run training.clean\` on real ones, and \`--inspect\` behind it waits for a debugger.
- \`boucle plan\` shows what an edit would change before \`boucle apply\` records it. Steps whose code and inputs are the same are not run again.
`;
