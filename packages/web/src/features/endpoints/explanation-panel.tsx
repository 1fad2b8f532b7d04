import type { Explanation } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { CSSProperties } from 'react';
import { client } from '../../app/client.ts';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { piecesOf } from './marked-text.ts';
import { useEndpointWords } from './use-endpoint-words.ts';

interface ExplanationPanelProps {
  readonly project: string;
  /** The version that answered; undefined where it is not registered any more. */
  readonly by: { readonly model: string; readonly number: number } | undefined;
  /** The row as it was asked; undefined where the log holds it by its digest alone. */
  readonly row: Readonly<Record<string, unknown>> | undefined;
}
const shownParts = 12;

/** On demand: hundreds of predictions are made for one explanation. */
export const ExplanationPanel = ({ project, by, row }: ExplanationPanelProps) => {
  const { t } = useI18n();
  const { explanation: words } = useEndpointWords();
  const asked = useMutation({
    mutationFn: async () => {
      const columns = Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, [value]]));
      const { items } = await client.models.versions.explain({ params: { project, ...by! }, body: { columns } });
      return items[0];
    },
  });
  const missing = !by ? words.none : !row ? words.noInput : undefined;
  return (
    <Panel
      title={words.title}
      note={words.note}
      actions={
        !missing &&
        !asked.data && (
          <Button variant="default" loading={asked.isPending} onClick={() => asked.mutate()}>
            {words.ask}
          </Button>
        )
      }
    >
      {missing && <p className="quiet">{missing}</p>}
      <div role="status">
        {!missing && !asked.data && !asked.error && <p className="quiet">{words.asking}</p>}
        {asked.error && <p className="quiet">{asked.error.message ? <ServerText text={asked.error.message} /> : t.problem.silentBody}</p>}
        {asked.data && row && <Explained explanation={asked.data} row={row} />}
      </div>
    </Panel>
  );
};

const Explained = ({ explanation, row }: { explanation: Explanation; row: Readonly<Record<string, unknown>> }) => {
  const { f } = useI18n();
  const { explanation: words } = useEndpointWords();
  const { label, output, baseline, gap, contributions } = explanation;
  const largest = Math.max(...contributions.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  const texts = [...new Set(contributions.flatMap(({ column, span }) => (span ? [column] : [])))];
  const sorted = contributions.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const parts = contributions.reduce((sum, { value }) => sum + value, 0);
  const nameOf = ({ column, span }: Explanation['contributions'][number]): string =>
    span ? String(row[column]).slice(span[0], span[1]) : `${column} = ${JSON.stringify(row[column])}`;
  return (
    <>
      {label !== null && <p className="explained-for">{words.forLabel(label)}</p>}
      {texts.map((column) => (
        <p key={column} className="explained" dir="auto">
          {piecesOf(
            String(row[column]),
            contributions.filter((one) => one.column === column),
          ).map(({ text, value }, i) =>
            value === undefined ? (
              text
            ) : (
              <mark
                key={i}
                className={value < 0 ? 'explained-against' : 'explained-for-it'}
                style={{ '--weight': `${Math.round((Math.abs(value) / largest) * 55)}%` } as CSSProperties}
                title={f.figure(value)}
              >
                {text}
              </mark>
            ),
          )}
        </p>
      ))}
      {texts.length > 0 && (
        <p className="quiet small">
          {words.speaksFor}; {words.against}
        </p>
      )}
      <table className="table num explained-table">
        <thead>
          <tr>
            <th scope="col">{words.part}</th>
            <th scope="col" className="cell-number">
              {words.adds}
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, shownParts).map((one, i) => (
            <tr key={i}>
              <th scope="row" dir="auto">
                {nameOf(one)}
              </th>
              <td className="cell-number">
                {one.value > 0 && '+'}
                {f.figure(one.value)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet small num">
        {words.sum({
          baseline: f.figure(baseline),
          parts: f.figure(parts),
          gap: gap === 0 ? null : f.figure(gap),
          output: f.figure(output),
        })}
      </p>
    </>
  );
};
