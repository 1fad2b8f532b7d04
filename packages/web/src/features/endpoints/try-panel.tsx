import type { ModelVersion, TensorSpec } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { shortId } from '../../ui/shorten.ts';
import { StatusMark } from '../../ui/status.tsx';
import { fileQuery, filesQuery } from '../models/queries.ts';
import { type Answered, infer, Refused } from './infer.ts';
import { RowView } from './row-view.tsx';
import { scoresOf } from './scores.ts';
import { ScoresList } from './scores-list.tsx';
import { exampleTexts, fieldOf, readRow, type Tensor, type Wrong } from './try-values.ts';
import { useEndpointWords } from './use-endpoint-words.ts';
import '../../ui/dialog.css';

interface TryPanelProps {
  readonly endpoint: string;
  /** What answers most of the requests; its signature is that of all variants. */
  readonly version: ModelVersion | undefined;
  readonly onAnswer: () => void;
}

/** A form made of the signature, whose row goes the way of every caller's. */
export const TryPanel = ({ endpoint, version, onAnswer }: TryPanelProps) => {
  const { trying: words } = useEndpointWords();
  const signature = version?.signature;
  return (
    <Panel title={words.title} note={words.note}>
      {!version ? (
        <p className="quiet">{words.notReady}</p>
      ) : signature ? (
        <TryForm endpoint={endpoint} version={version} specs={signature.inputs} onAnswer={onAnswer} />
      ) : (
        <p className="quiet">{words.noSignature}</p>
      )}
    </Panel>
  );
};

const TryForm = ({ endpoint, version, specs, onAnswer }: TryPanelProps & { version: ModelVersion; specs: readonly TensorSpec[] }) => {
  const { trying: words } = useEndpointWords();
  const { project } = version;
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const [wrong, setWrong] = useState<Readonly<Record<string, Wrong>>>({});
  const example = useExample(version);
  const sent = useMutation({
    mutationFn: (tensors: readonly Tensor[]) => infer(project, endpoint, tensors),
    onSettled: onAnswer,
  });
  const send = () => {
    const row = readRow(specs, texts);
    setWrong('wrong' in row ? row.wrong : {});
    if ('tensors' in row) sent.mutate(row.tensors);
  };
  return (
    <div className="try">
      <form
        className="try-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!sent.isPending) send();
        }}
      >
        {specs.map((spec) => (
          <Field
            key={spec.name}
            spec={spec}
            text={texts[spec.name] ?? ''}
            wrong={wrong[spec.name]}
            onText={(text) => setTexts({ ...texts, [spec.name]: text })}
          />
        ))}
        <div className="try-acts">
          <Button type="submit" loading={sent.isPending}>
            {words.send}
          </Button>
          {example !== undefined && (
            <Button variant="default" onClick={() => (setWrong({}), setTexts(exampleTexts(specs, example)))}>
              {words.example}
            </Button>
          )}
        </div>
      </form>
      <div className="try-answer" role="status">
        {sent.data && <Answer project={project} version={version} answered={sent.data} />}
        {sent.error && <NoAnswer project={project} error={sent.error} />}
      </div>
    </div>
  );
};

/** Of the package, where it has one. */
const useExample = ({ project, digest }: ModelVersion): unknown => {
  const file = useQuery(filesQuery(project, digest)).data?.find(({ path }) => path === 'input_example.json');
  const text = useQuery(fileQuery(project, file?.blob)).data;
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    // A package of others may call so what is no example of ours.
    return undefined;
  }
};

interface FieldProps {
  readonly spec: TensorSpec;
  readonly text: string;
  readonly wrong: Wrong | undefined;
  readonly onText: (text: string) => void;
}

const Field = ({ spec, text, wrong, onText }: FieldProps) => {
  const { trying: words } = useEndpointWords();
  const kind = fieldOf(spec);
  const shared = { value: text, className: 'field-input', 'aria-invalid': wrong !== undefined };
  const mayLack = spec.nullable === true || spec.optional === true;
  return (
    <label className="field">
      <span dir="auto">{spec.name}</span>
      {kind === 'choice' ? (
        <select {...shared} onChange={(event) => onText(event.currentTarget.value)}>
          <option value="">{words.choose}</option>
          <option>true</option>
          <option>false</option>
        </select>
      ) : kind === 'number' ? (
        <input {...shared} inputMode="decimal" onChange={(event) => onText(event.currentTarget.value)} />
      ) : (
        <textarea {...shared} rows={kind === 'text' ? 3 : 4} dir="auto" onChange={(event) => onText(event.currentTarget.value)} />
      )}
      <span className={wrong ? 'field-wrong' : 'field-hint'} role={wrong ? 'alert' : undefined}>
        {wrong ? words.wrong[wrong] : `${spec.datatype} [${spec.shape.join(', ')}]${mayLack ? `, ${words.optional}` : ''}`}
      </span>
    </label>
  );
};

const Answer = ({ project, version, answered }: { project: string; version: ModelVersion; answered: Answered }) => {
  const { f } = useI18n();
  const { trying: words, version: name } = useEndpointWords();
  const { predictionId, variant, outputs, seconds } = answered;
  const scores = scoresOf(outputs, version.labels);
  return (
    <>
      <h3 className="sub-title">{words.answer}</h3>
      {scores.length > 0 ? <ScoresList scores={scores} /> : <RowView row={outputs} label={words.answer} />}
      <p className="quiet small num">
        {words.took(f.duration(seconds))} {words.by(variant, name(version.model, answered.version))}
      </p>
      <p className="small">
        {words.id} <CopyText text={predictionId} shown={shortId(predictionId)} />
      </p>
      <PredictionLink project={project} predictionId={predictionId} />
    </>
  );
};

const NoAnswer = ({ project, error }: { project: string; error: Error }) => {
  const { t } = useI18n();
  const { trying: words } = useEndpointWords();
  const refused = error instanceof Refused ? error : undefined;
  return (
    <>
      <p className="with-mark">
        <StatusMark mark="broken" size={15} />
        <span>
          <strong>{words.refused}</strong> {refused ? <ServerText text={refused.message} /> : t.problem.silentBody}
        </span>
      </p>
      {refused?.predictionId !== undefined && <PredictionLink project={project} predictionId={refused.predictionId} />}
    </>
  );
};

const PredictionLink = ({ project, predictionId }: { project: string; predictionId: string }) => {
  const { trying: words } = useEndpointWords();
  return (
    <Link to="/p/$project/predictions/$predictionId" params={{ project, predictionId }} className="text-link">
      {words.open}
    </Link>
  );
};
