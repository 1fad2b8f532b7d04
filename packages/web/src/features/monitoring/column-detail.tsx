import type { ColumnDrift } from '@boucle/contract';
import { useI18n } from '../../i18n/i18n.tsx';
import { IntervalPlot } from '../../ui/chart/interval-plot.tsx';
import { PairedBarsTable } from '../../ui/chart/paired-bars-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { useMonitoringWords } from './use-monitoring-words.ts';
import { columnMark } from './window-state.ts';

/** One comparison with all that its verdict rests on. */
export const ColumnDetail = ({ column, bound, name }: { column: ColumnDrift; bound: number; name: string }) => {
  const { f } = useI18n();
  const { columns: words } = useMonitoringWords();
  const { effect, totalVariation, distance, cells } = column;
  return (
    <Panel
      title={name}
      note={
        column.reference !== null &&
        words.sizes(words.from[column.reference], f.number(column.rows.reference), f.number(column.rows.current))
      }
    >
      <p className="with-mark column-reading">
        <StatusMark mark={columnMark[column.verdict]} size={15} />
        <span>
          <Reading column={column} /> {column.why !== null && <ServerText text={`${column.why}.`} />}
        </span>
      </p>
      <dl className="facts num">
        {column.pValue !== null && (
          <div>
            <dt>{words.pValue}</dt>
            <dd>
              {f.pValue(column.pValue)} <span className="quiet">{column.method !== null && <ServerText text={column.method} />}</span>
            </dd>
          </div>
        )}
        {column.adjusted !== null && (
          <div>
            <dt>{words.adjusted}</dt>
            <dd>{f.pValue(column.adjusted)}</dd>
          </div>
        )}
        {totalVariation !== null && (
          <div>
            <dt>{words.moved}</dt>
            <dd>{f.percent(totalVariation, 1)}</dd>
          </div>
        )}
        {effect && effect.value !== null && (
          <div>
            <dt>
              {words.effect} (<ServerText text={effect.name} />)
            </dt>
            <dd>
              {f.figure(effect.value)}
              {effect.interval && (
                <span className="quiet"> {words.interval(f.figure(effect.interval[0]), f.figure(effect.interval[1]))}</span>
              )}
            </dd>
          </div>
        )}
        {distance && (
          <div>
            <dt>
              <ServerText text={distance.name} />
            </dt>
            <dd>
              {f.figure(distance.value)} <span className="quiet">{words.threshold(f.figure(distance.threshold))}</span>
            </dd>
          </div>
        )}
      </dl>
      {effect && effect.value !== null && effect.interval && (
        <IntervalPlot
          range={effectRange([effect.value, ...effect.interval, bound])}
          value={effect.value}
          low={effect.interval[0]}
          high={effect.interval[1]}
          lines={effect.name === 'total variation' ? [bound] : [0]}
          ink={column.verdict === 'drift' ? 'broken' : 'baseline'}
        />
      )}
      {cells.length > 0 && (
        <>
          <h3 className="part-title">{words.distributions}</h3>
          <PairedBarsTable caption={words.distributions} names={words.names} cells={cells} format={(share) => f.percent(share, 1)} />
        </>
      )}
      {column.words.length > 0 && <Words column={column} />}
    </Panel>
  );
};

const effectRange = (values: readonly number[]): readonly [number, number] => [
  Math.min(0, ...values) * 1.1,
  Math.max(0.1, ...values) * 1.1,
];

const Reading = ({ column: { verdict, significant, material } }: { column: ColumnDrift }) => {
  const { columns: words } = useMonitoringWords();
  if (verdict === 'not testable' || verdict === 'faulty') return words.verdict[verdict];
  if (verdict === 'drift') return words.readings.drift;
  return significant ? words.readings.small : material ? words.readings.large : words.readings.none;
};

const Words = ({ column: { words: changed } }: { column: ColumnDrift }) => {
  const { f } = useI18n();
  const { columns: words } = useMonitoringWords();
  return (
    <>
      <h3 className="part-title">{words.words}</h3>
      <p className="small-note">{words.wordsNote}</p>
      <table className="table words-table num" aria-label={words.words}>
        <thead>
          <tr>
            <th scope="col">{words.names.value}</th>
            <th scope="col">{words.names.reference}</th>
            <th scope="col">{words.names.current}</th>
            <th scope="col">±</th>
          </tr>
        </thead>
        <tbody>
          {changed.map(({ word, reference, current, difference, interval }) => (
            <tr key={word}>
              <th scope="row">{word}</th>
              <td>{f.percent(reference, 1)}</td>
              <td>{f.percent(current, 1)}</td>
              <td>
                {difference > 0 && '+'}
                {f.percent(difference, 1)}
                {interval && <span className="quiet"> {words.interval(f.percent(interval[0], 1), f.percent(interval[1], 1))}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
};
