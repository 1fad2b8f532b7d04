import type { PipelineRun, Plan } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useI18n } from '../../i18n/i18n.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { versionsQuery } from '../datasets/queries.ts';
import { type ParamField, paramFields, paramValues } from './param-fields.ts';
import { pipelinesKey } from './queries.ts';
import { usePipelineWords } from './use-pipeline-words.ts';

interface StartRunProps {
  readonly project: string;
  readonly plan: Plan;
  /** A run to be had again: its parameters and versions stand in the form. */
  readonly like?: Pick<PipelineRun, 'params' | 'inputs'>;
}

/** A button that asks for what the plan asks for, starts, and goes to the run. */
export const StartRun = (props: StartRunProps) => {
  const { start: words } = usePipelineWords();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setIsOpen(true)}>
        {props.like ? words.again : words.open}
      </Button>
      {isOpen && <StartDialog {...props} onClose={() => setIsOpen(false)} />}
    </>
  );
};

const StartDialog = ({ project, plan, like, onClose }: StartRunProps & { onClose: () => void }) => {
  const { t } = useI18n();
  const { start: words } = usePipelineWords();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const fields = paramFields(plan, like?.params);
  const [written, setWritten] = useState<Readonly<Record<string, string>>>({});
  const [versions, setVersions] = useState<Readonly<Record<string, string>>>(
    Object.fromEntries(Object.entries(like?.inputs ?? {}).map(([input, { number }]) => [input, String(number)])),
  );
  const [isAnew, setIsAnew] = useState(false);
  const started = useMutation({
    mutationFn: () =>
      client.pipelines.run({
        params: { project, pipeline: plan.pipeline },
        body: {
          params: paramValues(fields, written),
          inputs: Object.fromEntries(
            Object.entries(versions).flatMap(([input, number]) => (number === '' ? [] : [[input, Number(number)]])),
          ),
          cache: !isAnew,
        },
      }),
    onSuccess: async (run) => {
      void queries.invalidateQueries({ queryKey: pipelinesKey(project) });
      onClose();
      await navigate({ to: '/p/$project/pipeline-runs/$pipelineRunId', params: { project, pipelineRunId: run.id }, search: {} });
    },
  });
  return (
    <Dialog title={words.title(plan.pipeline)} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!started.isPending) started.mutate();
        }}
      >
        {Object.entries(plan.inputs).map(([input, { dataset }]) => (
          <InputField
            key={input}
            {...{ project, input, dataset }}
            value={versions[input] ?? ''}
            onChange={(number) => setVersions({ ...versions, [input]: number })}
          />
        ))}
        {fields.map((field) => (
          <ParamInput
            key={field.name}
            field={field}
            value={written[field.name] ?? field.value}
            onChange={(text) => setWritten({ ...written, [field.name]: text })}
          />
        ))}
        <label className="check">
          <input type="checkbox" checked={isAnew} onChange={(event) => setIsAnew(event.currentTarget.checked)} />
          {words.cache}
        </label>
        {started.error && (
          <p className="field-wrong" role="alert">
            <ServerText text={started.error.message || t.problem.silentBody} />
          </p>
        )}
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose}>
            {words.keep}
          </Button>
          <Button type="submit" loading={started.isPending}>
            {words.act}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};

interface InputFieldProps {
  readonly project: string;
  readonly input: string;
  readonly dataset: string;
  readonly value: string;
  readonly onChange: (number: string) => void;
}
const InputField = ({ project, input, dataset, value, onChange }: InputFieldProps) => {
  const { start: words } = usePipelineWords();
  const versions = useQuery({ ...versionsQuery(project, dataset), retry: false });
  const numbers = [...new Set([...(value === '' ? [] : [Number(value)]), ...(versions.data?.items.map(({ number }) => number) ?? [])])];
  return (
    <label className="field">
      {words.input(input)}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{words.latest(dataset)}</option>
        {numbers
          .toSorted((a, b) => b - a)
          .map((number) => (
            <option key={number} value={number}>
              {words.version(dataset, number)}
            </option>
          ))}
      </select>
      {versions.isError && <span className="field-hint">{words.noVersion(dataset)}</span>}
    </label>
  );
};

const ParamInput = ({ field, value, onChange }: { field: ParamField; value: string; onChange: (text: string) => void }) => {
  const { start: words } = usePipelineWords();
  const { name, kind, choices, isRequired, description } = field;
  return (
    <label className="field">
      <span>
        {name} {isRequired && <span className="field-hint">{words.required}</span>}
      </span>
      {kind === 'choice' || kind === 'boolean' ? (
        <select value={value} required={isRequired} onChange={(event) => onChange(event.currentTarget.value)}>
          {value === '' && <option value="">{words.choose}</option>}
          {(kind === 'boolean' ? ['true', 'false'] : choices).map((choice) => (
            <option key={choice} value={choice}>
              {kind === 'boolean' ? (choice === 'true' ? words.yes : words.no) : choice}
            </option>
          ))}
        </select>
      ) : kind === 'json' ? (
        <textarea className="mono" value={value} required={isRequired} onChange={(event) => onChange(event.currentTarget.value)} />
      ) : (
        <input
          value={value}
          required={isRequired}
          {...(kind !== 'text' && { type: 'number', step: kind === 'integer' ? 1 : 'any' })}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
      {description && <span className="field-hint">{description}</span>}
    </label>
  );
};
