import type { Evidence, Trace } from '@boucle/contract';
import { answer, clip, count, measure, plural, short, time, value } from '../terminal/format.ts';
import type { Paint } from '../terminal/paint.ts';

/** From the answer back to the rows it was learned from, a station a paragraph. */
export const traceStory = (trace: Trace, paint: Paint): string => {
  const stations = [answered(trace), served(trace), judged(trace), learned(trace), made(trace), read(trace), rows(trace)];
  const told = stations.filter((station) => station !== undefined);
  const last = told.length - 1;
  const lines = told.flatMap(({ title, lines: below }, i) => [
    `${paint('cyan', i === 0 ? '●' : i === last ? '◆' : '○')} ${title}`,
    ...below.filter(Boolean).map((line) => `${paint('cyan', i === last ? ' ' : '│')}   ${line}`),
  ]);
  return [...lines, paint('dim', `  (followed in ${Math.round(trace.milliseconds)} ms)`)].join('\n');
};

interface Station {
  readonly title: string;
  readonly lines: readonly string[];
}

const answered = ({ prediction, feedback }: Trace): Station => {
  const { endpoint, inputs, outputs, outcome, status, error, arrivalTime, latencyMs } = prediction;
  const [latest] = feedback.toSorted((a, b) => (a.arrivalTime < b.arrivalTime ? 1 : -1));
  return {
    title: `The endpoint ${endpoint} answered ${outcome === 'ok' ? clip(answer(outputs), 200) : `${outcome} (${status})`}`,
    lines: [
      `to ${clip(answer(inputs), 300)}`,
      error ?? '',
      `at ${time(arrivalTime)}, in ${measure(latencyMs)} ms`,
      latest ? `feedback: ${value(latest.label)}${latest.comment ? ` (${latest.comment})` : ''}` : '',
    ],
  };
};

const served = ({ deployment, prediction }: Trace): Station | undefined =>
  deployment
    ? {
        title: `from deployment ${deployment.number}${prediction.variant ? `, variant ${prediction.variant}` : ''}`,
        lines: [`of ${deployment.reference}, made ${time(deployment.createdAt)} by ${deployment.createdBy}`],
      }
    : undefined;

const judged = ({ modelVersion }: Trace): Station | undefined =>
  modelVersion
    ? {
        title: `by model ${modelVersion.model}, version ${modelVersion.number}${modelVersion.aliases.length > 0 ? ` (${modelVersion.aliases.join(', ')})` : ''}`,
        lines: [
          modelVersion.digest === null ? (modelVersion.source ?? '') : short(modelVersion.digest),
          ...evidenceLines(modelVersion.evidence),
        ],
      }
    : undefined;

const mostEvidence = 6;
/** Those with an interval say most. */
const evidenceLines = (evidence: readonly Evidence[]): string[] => {
  const ranked = evidence.toSorted((a, b) => Number(b.interval !== null) - Number(a.interval !== null));
  const left = ranked.length - mostEvidence;
  return [...ranked.slice(0, mostEvidence).map(evidenceLine), ...(left > 0 ? [`and ${left} more`] : [])];
};

export const evidenceLine = ({ metric, value: measured, interval }: Evidence): string =>
  `${metric} ${measure(measured)}${interval ? `, 95 % interval ${measure(interval[0])} to ${measure(interval[1])}` : ''}`;

const learned = ({ run, stepRun }: Trace): Station | undefined => {
  if (!run && !stepRun) return undefined;
  const params = run ? Object.entries(run.params).map(([name, given]) => `${name}=${given}`) : [];
  return {
    title: `trained by ${stepRun ? `step ${stepRun.step}` : 'hand'}${run ? `, run ${run.name}` : ''}`,
    lines: [
      run ? `run ${run.id}, ${time(run.startedAt)}` : '',
      stepRun ? `step run ${stepRun.id}${stepRun.attempt > 1 ? `, attempt ${stepRun.attempt}` : ''}` : '',
      clip(params.join(' '), 200),
    ],
  };
};

const made = ({ codeDigest, commit, changes, pipelineRunId }: Trace): Station | undefined =>
  codeDigest || commit
    ? {
        title: `with the code ${codeDigest ? short(codeDigest) : ''}`.trimEnd(),
        lines: [
          commit
            ? `commit ${commit.slice(0, 12)}${changes ? `, and what was not committed: ${short(changes)}` : ''}`
            : 'outside of any commit',
          pipelineRunId ? `pipeline run ${pipelineRunId}` : '',
        ],
      }
    : undefined;

const read = ({ datasetVersions }: Trace): Station | undefined =>
  datasetVersions.length > 0
    ? {
        title: `from ${datasetVersions.map(({ dataset, number }) => `${dataset}@${number}`).join(', ')}`,
        lines: datasetVersions.map(({ digest, rows: n, source }) => `${short(digest)}, ${plural(n, 'row')}, ${source}`),
      }
    : undefined;

const rows = ({ learnedFrom }: Trace): Station | undefined =>
  learnedFrom.length > 0
    ? {
        title: `and these very rows`,
        lines: learnedFrom.flatMap(({ input, rows: n, digest, first }) => [
          `${input}: ${count(n)} rows, ${short(digest)}`,
          ...first.slice(0, 3).map((row) => `  ${clip(rowText(row), 160)}`),
        ]),
      }
    : undefined;

const rowText = ({ _row, ...cells }: Readonly<Record<string, unknown>>): string =>
  `${value(_row)}  ${Object.values(cells).map(value).join(' · ')}`;
