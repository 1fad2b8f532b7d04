import fc from 'fast-check';
import { hostileText } from '../../contract/fuzz/hostile.ts';
import type { Known } from './proper-input.ts';

/** A message to `/graphql`, whether or not it makes sense. */
export interface SentQuery {
  readonly query?: unknown;
  readonly variables?: unknown;
  readonly operationName?: unknown;
}

const times = (count: number, text: (i: number) => string): string => Array.from({ length: count }, (_, i) => text(i)).join(' ');
const nested = (opening: string, count: number, closing: string): string => `${opening.repeat(count)} name ${closing.repeat(count)}`;
const many = fc.constantFrom(1, 2, 9, 10, 11, 12, 50, 99, 101, 1001, 3000);

const properQueries = (known: Known): string[] => {
  const [runId, experimentId] = [known['run_id']![0], known['experiment_id']![0]].map((id) => JSON.stringify(id));
  return [
    `{ mlflowGetExperiment(input: { experimentId: ${experimentId} }) { experiment { name tags { key value } creationTime } apiError { code } } }`,
    `query Q { mlflowGetRun(input: { runId: ${runId} }) { run { ...R modelVersions { name version } experiment { name } } } }
      fragment R on MlflowRunExtension { info { runId status } data { metrics { key value step } } inputs { datasetInputs { dataset { name } } } }`,
    `query Q { mlflowGetMetricHistoryBulkInterval(input: { runIds: [${runId}], metricKey: "loss" }) { metrics { key value step runId } } }`,
    `{ mlflowListArtifacts(input: { runId: ${runId} }) { files { path isDir fileSize } nextPageToken } }`,
    `{ mlflowSearchModelVersions(input: { filter: "name LIKE '%a%'", maxResults: 3 }) { modelVersions { name tags { key } } } }`,
    `mutation M { mlflowSearchRuns(input: { experimentIds: [${experimentId}], runViewType: ALL }) { runs { info { runId } modelVersions { name } } } }`,
    `mutation { mlflowSearchDatasets(input: { experimentIds: [${experimentId}] }) { datasetSummaries { name context } } }`,
    'query Q($a: MlflowGetExperimentInput!) { mlflowGetExperiment(input: $a) { experiment { name } } }',
    'query Q($a: MlflowSearchRunsInput, $b: Boolean = true) { mlflowSearchRuns(input: $a) { runs @skip(if: $b) { info { runId } } } }',
    '{ __schema { types { name fields { name type { name } } } } }',
  ];
};
/** Deep, wide, and going in circles. */
const monsters: fc.Arbitrary<string> = fc.tuple(many, many).chain(([n, m]) =>
  fc.constantFrom(
    nested('{ experiment ', n, '}'),
    `{ mlflowGetExperiment(input: ${nested('{ a: ', n, '}')}) { experiment { name } } }`,
    `{ mlflowSearchRuns(input: { experimentIds: ${nested('[', n, ']')} }) { nextPageToken } }`,
    `query ($a: ${nested('[', n, ']')}) { __typename }`,
    `{ ${times(n, (i) => `a${i}: __typename`)} }`,
    `{ ${times(n, () => '__typename')} }`,
    `{ mlflowGetRun { ${times(n, (i) => `a${i}: run { info { runId } }`)} } }`,
    `{ ${times(n, () => '... {')} __typename ${'}'.repeat(n)} }`,
    `{ ...F0 } ${times(n, (i) => `fragment F${i} on Query { ...F${i + 1} }`)} fragment F${n} on Query { __typename }`,
    `{ ...F0 } ${times(n, (i) => `fragment F${i} on Query { ...F${(i + 1) % n} ...F${(i + m) % n} }`)}`,
    `{ mlflowGetRun { run { ...F } } } fragment F on MlflowRunExtension { a: experiment { name ...F } b: experiment { ...F } }`,
    `{ ${times(Math.min(n, 30), (i) => `...F${i}`)} } ${times(Math.min(n, 30), (i) => `fragment F${i} on Query { ${times(Math.min(m, 30), (j) => `a${j}: __typename`)} }`)}`,
    `{ __schema ${nested('{ types { fields { type ', Math.min(n, 20), '} } }')} }`,
    `query (${times(n, (i) => `$v${i}: String`)}) { __typename }`,
    `{ __typename ${times(n, () => '@skip(if: false)')} }`,
    `{ ${times(n, (i) => `f${i}(${times(Math.min(m, 20), (j) => `a${j}: ${j}`)})`)} }`,
    `{ ${'a'.repeat(n * 40)} }`,
    times(n, (i) => `query Q${i} { __typename }`),
    `${'# a comment\n'.repeat(n)}{ __typename }`,
    `{ a(b: """${'\\"""'.repeat(n)}""") }`,
  ),
);
const signs = '{ } ( ) [ ] : ! $ @ ... = | & " """ # , \uFEFF \\u{110000} 1e999 -0 00';
const names =
  'query mutation subscription fragment on type schema null true __typename __proto__ constructor mlflowGetRun mlflowSearchRuns input run runs info runId experiment modelVersions MlflowRunExtension';
const words = fc.constantFrom('\n', ...`${signs} ${names}`.split(' '));
const soup = fc
  .array(fc.oneof({ weight: 9, arbitrary: words }, { weight: 1, arbitrary: hostileText }), { maxLength: 60 })
  .map((some) => some.join(' '));

/** Something written into the middle of a query, or cut out of it. */
const damaged = (query: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat(query.length), fc.nat(20), fc.oneof(words, hostileText, fc.constant('')))
    .map(([at, length, more]) => query.slice(0, at) + more + query.slice(at + length));

export const queries = (known: Known): fc.Arbitrary<SentQuery> => {
  const proper = fc.constantFrom(...properQueries(known));
  const inputs = [
    { experimentId: known['experiment_id']![0] },
    { experimentIds: [known['experiment_id']![0]], maxResults: 3 },
    JSON.parse('{"__proto__":{"a":1}}') as object,
  ];
  const input = fc.oneof(fc.constantFrom<unknown>(...inputs), fc.jsonValue(), hostileText);
  return fc.record(
    {
      query: fc.oneof(proper, proper.chain(damaged), monsters, soup, hostileText, fc.jsonValue()),
      variables: fc.oneof(fc.constant(undefined), fc.record({ a: input, b: input }, { requiredKeys: ['a'] }), fc.jsonValue()),
      operationName: fc.oneof(fc.constant(undefined), fc.constantFrom('Q', 'M', ''), fc.jsonValue()),
    },
    { requiredKeys: ['query'] },
  );
};
