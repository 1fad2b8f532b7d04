import { type PipelineRun, type PlannedStep, type Ref, refsOf, type StepArtifact, type StepRun, type Why } from '@boucle/contract';
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { Panel } from '../../ui/panel.tsx';
import { shortDigest } from '../../ui/shorten.ts';
import { StatusMark } from '../../ui/status.tsx';
import { shortCell } from '../datasets/cell-text.ts';
import { stepMark } from '../overview/step-status.ts';
import { stepRunQuery, whyQuery } from './queries.ts';
import { usePipelineWords } from './use-pipeline-words.ts';

interface StepPanelProps {
  readonly project: string;
  readonly run: PipelineRun;
  readonly planned: PlannedStep;
  readonly stepRun: StepRun | undefined;
}

/** One step: how it ended, why it ran or did not, what went in and what came out. */
export const StepPanel = ({ project, run, planned, stepRun }: StepPanelProps) => {
  const { t } = useI18n();
  const { step: words } = usePipelineWords();
  const status = stepRun?.status ?? 'waiting';
  return (
    <Panel
      title={planned.id}
      note={
        <span className="with-mark">
          <StatusMark mark={stepMark(status)} size={14} />
          {t.steps.status[status]}
          {stepRun && stepRun.attempt > 1 && `, ${words.attempt(stepRun.attempt)}`}
        </span>
      }
      actions={
        stepRun?.runId && (
          <Link to="/p/$project/runs/$runId" params={{ project, runId: stepRun.runId }} className="text-link">
            {words.run}
          </Link>
        )
      }
    >
      {stepRun?.failure && <FailureText failure={stepRun.failure} />}
      <h3 className="step-title">{words.why}</h3>
      {stepRun && stepRun.status !== 'waiting' ? <WhyText project={project} stepRun={stepRun} /> : <p className="quiet">{words.waiting}</p>}
      <div className="step-ports">
        <Inputs project={project} run={run} planned={planned} />
        <section>
          <h3 className="step-title">{words.outputs}</h3>
          {stepRun && Object.keys(stepRun.outputs).length > 0 ? (
            <ul className="ports plain-list">
              {Object.entries(stepRun.outputs).map(([name, artifact]) => (
                <li key={name}>
                  <span className="port-name">{name}</span>
                  <Artifact artifact={artifact} />
                </li>
              ))}
            </ul>
          ) : (
            <p className="quiet">{words.nothingOut}</p>
          )}
        </section>
      </div>
      <p className="step-code quiet">
        {words.code} <CopyText text={planned.codeDigest} shown={shortDigest(planned.codeDigest)} label={words.code} />
      </p>
    </Panel>
  );
};

const FailureText = ({ failure: { kind, message, where } }: { failure: NonNullable<StepRun['failure']> }) => {
  const { step: words } = usePipelineWords();
  return (
    <div className="step-failure">
      <h3 className="step-title">{words.failed(words.kind[kind])}</h3>
      <p lang="en">
        <bdi>{shortCell(message, 4000)}</bdi>
        {where !== undefined && <span className="mono"> {words.at(shortCell(where, 300))}</span>}
      </p>
    </div>
  );
};

const WhyText = ({ project, stepRun }: { project: string; stepRun: StepRun }) => {
  const { step: words } = usePipelineWords();
  const why = useQuery(whyQuery(project, stepRun.id));
  if (why.error) return <p className="quiet">{why.error.message}</p>;
  if (!why.data) return <Skeleton height={22} />;
  const { verdict, changes, comparedWith } = why.data;
  return (
    <>
      <p className="step-why">
        {words.verdict[verdict]}{' '}
        {comparedWith !== null && (
          <ComparedLink project={project} stepRunId={comparedWith} text={verdict === 'cached' ? words.cachedFrom : words.compared} />
        )}
      </p>
      {changes.length > 0 && <Changes changes={changes} />}
    </>
  );
};

const ComparedLink = ({ project, stepRunId, text }: { project: string; stepRunId: string; text: string }) => {
  const { data } = useQuery(stepRunQuery(project, stepRunId));
  return (
    data && (
      <Link
        to="/p/$project/pipeline-runs/$pipelineRunId"
        params={{ project, pipelineRunId: data.pipelineRunId }}
        search={{ step: data.step }}
        className="text-link"
      >
        {text}
      </Link>
    )
  );
};

const Changes = ({ changes }: { changes: Why['changes'] }) => {
  const { step: words } = usePipelineWords();
  return (
    <ul className="why-changes plain-list">
      {changes.map(({ part, before, now }) => (
        <li key={part}>
          <span className="port-name">{words.part(part)}</span>
          <KeyValue said={words.before} value={before} />
          <KeyValue said={words.now} value={now} />
        </li>
      ))}
    </ul>
  );
};

/** Digests shorten, values stay as they are. */
const KeyValue = ({ said, value }: { said: string; value: unknown }) => {
  const texts = (Array.isArray(value) ? value : [value]).map((one: unknown) =>
    typeof one === 'string' ? one : (JSON.stringify(one) ?? '–'),
  );
  return (
    <span className="why-value">
      <span className="quiet">{said}</span>
      <span className="mono">
        {texts.map((text) => (/^\w+:[0-9a-f]{64}$/.test(text) ? shortDigest(text) : shortCell(text, 120))).join(', ')}
      </span>
    </span>
  );
};

const Inputs = ({ project, run, planned }: { project: string; run: PipelineRun; planned: PlannedStep }) => {
  const { step: words } = usePipelineWords();
  const ports: (readonly [string, ReactNode])[] = [
    ...Object.entries(planned.inputs).flatMap(([port, refs]) =>
      refs.map((ref, i) => [refs.length > 1 ? `${port} ${i + 1}` : port, <From key={i} {...{ project, run, ref_: ref }} />] as const),
    ),
    ...Object.entries(planned.params).map(
      ([name, param]) =>
        [
          name,
          'from' in param ? <From key={name} {...{ project, run, ref_: param }} /> : <Value key={name} value={param.value} />,
        ] as const,
    ),
  ];
  return (
    <section>
      <h3 className="step-title">{words.inputs}</h3>
      {ports.length === 0 && refsOf(planned).length === 0 ? (
        <p className="quiet">{words.nothingIn}</p>
      ) : (
        <ul className="ports plain-list">
          {ports.map(([name, said]) => (
            <li key={name}>
              <span className="port-name">{name}</span>
              {said}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
};

/** Where a value came from, with the digest that it came by. */
const From = ({ project, run, ref_: ref }: { project: string; run: PipelineRun; ref_: Ref }) => {
  const { step: words } = usePipelineWords();
  if (ref.from === 'param') return <Value value={run.params[ref.name]} said={`${words.param} ${ref.name}`} />;
  if (ref.from !== 'step') {
    const input = run.inputs[ref.name];
    return input ? (
      <span className="port-said">
        <Link
          to="/p/$project/data/$dataset/$number"
          params={{ project, dataset: input.dataset, number: String(input.number) }}
          search={{}}
          className="text-link"
        >
          {input.dataset} v{input.number}
        </Link>
        <CopyText text={input.digest} shown={shortDigest(input.digest)} label={input.dataset} />
      </span>
    ) : (
      <span className="quiet">–</span>
    );
  }
  const made = run.steps.find(({ step }) => step === ref.id)?.outputs[ref.output];
  return (
    <span className="port-said">
      <span>
        {words.from}{' '}
        <Link
          to="/p/$project/pipeline-runs/$pipelineRunId"
          params={{ project, pipelineRunId: run.id }}
          search={{ step: ref.id }}
          resetScroll={false}
          className="text-link"
        >
          {ref.id}
        </Link>{' '}
        <span className="quiet">{ref.output}</span>
      </span>
      {made ? <Artifact artifact={made} /> : <span className="quiet">{words.notYet}</span>}
    </span>
  );
};

const Artifact = ({ artifact: { kind, digest, rows, value } }: { artifact: StepArtifact }) => {
  const { f } = useI18n();
  const { step: words } = usePipelineWords();
  return (
    <span className="port-said num">
      <span className="quiet">
        {words.artifact[kind]}
        {rows !== undefined && `, ${words.rows(f.number(rows), rows)}`}
      </span>
      {value !== undefined && <Value value={value} />}
      <CopyText text={digest} shown={shortDigest(digest)} label={words.artifact[kind]} />
    </span>
  );
};

const Value = ({ value, said }: { value: unknown; said?: string }) => (
  <span className="port-said">
    <bdi className="mono port-value">{value === undefined ? '–' : shortCell(value, 200)}</bdi>
    {said && <span className="quiet">{said}</span>}
  </span>
);
