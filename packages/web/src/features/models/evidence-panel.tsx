import type { ModelVersion } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useI18n } from '../../i18n/i18n.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { Panel } from '../../ui/panel.tsx';
import { shortDigest } from '../../ui/shorten.ts';
import { useModelWords } from './use-model-words.ts';

/** As many as are read at a glance. */
const few = 10;

/** All that was measured, those with an interval first: they can decide. */
export const EvidencePanel = ({ version: { evidence, predictions } }: { version: ModelVersion }) => {
  const { f } = useI18n();
  const { evidence: words } = useModelWords();
  const [isWhole, setWhole] = useState(false);
  const sorted = evidence.toSorted((a, b) => Number(a.interval === null) - Number(b.interval === null));
  const shown = isWhole ? sorted : sorted.slice(0, few);
  return (
    <Panel
      title={words.title}
      note={
        evidence.length > 0 && (
          <>
            {words.note} {predictions !== null && <CopyText text={predictions} shown={shortDigest(predictions)} />}
          </>
        )
      }
    >
      {evidence.length === 0 ? (
        <p className="quiet">{words.none}</p>
      ) : (
        <table className="table num">
          <thead>
            <tr>
              <th scope="col">{words.metric}</th>
              <th scope="col" className="cell-number">
                {words.value}
              </th>
              <th scope="col" className="cell-number">
                {words.interval}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ metric, value, interval }) => (
              <tr key={metric}>
                <th scope="row" className="mono" dir="auto">
                  {metric}
                </th>
                <td className="cell-number">{typeof value === 'number' ? f.number(value, 4) : value}</td>
                <td className="cell-number quiet">{interval ? `${f.number(interval[0], 4)} – ${f.number(interval[1], 4)}` : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {sorted.length > shown.length && (
        <Button variant="default" mt={10} onClick={() => setWhole(true)}>
          {words.more(sorted.length - shown.length)}
        </Button>
      )}
    </Panel>
  );
};
