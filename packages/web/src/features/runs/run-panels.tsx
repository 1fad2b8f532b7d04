import type { Run } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { Panel } from '../../ui/panel.tsx';
import { shortDigest, shortId } from '../../ui/shorten.ts';
import { metricText } from './metric-text.ts';
import { versionsOfRunQuery } from './queries.ts';
import { useRunsWords } from './use-runs-words.ts';

const atOnce = 20;
/** Of a text that nobody reads to its end at first sight. */
const longest = 400;

interface TextsPanelProps {
  readonly title: string;
  readonly texts: Readonly<Record<string, string | number>>;
  readonly none: string;
  readonly isNumeric?: boolean;
}
/** Keys with what is said of each, some at a time; texts wrap, and long ones are cut. */
export const TextsPanel = ({ title, texts, none, isNumeric = false }: TextsPanelProps) => {
  const { f } = useI18n();
  const words = useRunsWords().run;
  const [shown, setShown] = useState(atOnce);
  const keys = Object.keys(texts).sort();
  return (
    <Panel title={title}>
      {keys.length === 0 ? (
        <p className="small-note">{none}</p>
      ) : (
        <table className="table run-texts">
          <thead className="run-hidden">
            <tr>
              <th scope="col">{words.key}</th>
              <th scope="col">{words.value}</th>
            </tr>
          </thead>
          <tbody>
            {keys.slice(0, shown).map((key) => (
              <tr key={key}>
                <th scope="row">{key}</th>
                <td className={isNumeric ? 'num run-number' : ''} dir="auto">
                  {isNumeric ? metricText(f, texts[key] as number) : <LongText text={String(texts[key])} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {keys.length > shown && (
        <Button variant="subtle" onClick={() => setShown(shown + 100)}>
          {words.more(Math.min(100, keys.length - shown))}
        </Button>
      )}
    </Panel>
  );
};

const LongText = ({ text }: { text: string }) => {
  const words = useRunsWords().run;
  const [isWhole, setWhole] = useState(text.length <= longest);
  if (isWhole) return text;
  return (
    <>
      {text.slice(0, longest)}…{' '}
      <Button variant="subtle" size="compact-xs" onClick={() => setWhole(true)}>
        {words.whole}
      </Button>
    </>
  );
};

export const DataPanel = ({ project, run: { inputs, datasets } }: { project: string; run: Run }) => {
  const words = useRunsWords().run;
  const rows: [ReactNode, ReactNode, string][] = [
    ...inputs.map(({ dataset, number, digest, context }): [ReactNode, ReactNode, string] => [
      <a key={dataset} href={`/p/${encodeURIComponent(project)}/data/${encodeURIComponent(dataset)}/${number}`} className="text-link">
        {words.version(dataset, number)}
      </a>,
      <CopyText key={digest} text={digest} shown={shortDigest(digest)} />,
      context ?? '',
    ]),
    ...datasets.map(({ name, digest, sourceType, tags }): [ReactNode, ReactNode, string] => [
      name.slice(0, 200),
      <CopyText key={digest} text={digest} shown={shortId(digest)} />,
      [tags['mlflow.data.context'], sourceType].filter(Boolean).join(', '),
    ]),
  ];
  return (
    <Panel title={words.datasets}>
      {rows.length === 0 ? (
        <p className="small-note">{words.noDatasets}</p>
      ) : (
        <ul className="plain-list run-things">
          {rows.map(([name, digest, context], i) => (
            <li key={i}>
              <strong dir="auto">{name}</strong> <span className="quiet">{context}</span> {digest}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
};

export const ModelsPanel = ({ project, run }: { project: string; run: Run }) => {
  const words = useRunsWords().run;
  const versions = useQuery(versionsOfRunQuery(project, run.id));
  const registered = versions.data?.items ?? [];
  const isNone = registered.length + run.modelOutputs.length + run.modelInputs.length === 0;
  return (
    <Panel title={words.models}>
      {isNone && <p className="small-note">{words.noModels}</p>}
      <ul className="plain-list run-things">
        {registered.map(({ id, model, number }) => (
          <li key={id}>
            <Link
              to="/p/$project/models/$model/$number"
              params={{ project, model, number: String(number) }}
              className="text-link"
              dir="auto"
            >
              {words.registered(model, number)}
            </Link>{' '}
            <span className="quiet">{words.registeredAs}</span>
          </li>
        ))}
        {run.modelOutputs.map(({ modelId, step }) => (
          <li key={modelId}>{words.logged(modelId, String(step))}</li>
        ))}
        {run.modelInputs.map((id) => (
          <li key={id}>{words.used(id)}</li>
        ))}
      </ul>
    </Panel>
  );
};
