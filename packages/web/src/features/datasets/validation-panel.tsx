import type { Expectation, ExpectationResult } from '@boucle/contract';
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { type Mark, StatusMark } from '../../ui/status.tsx';
import { CellValue } from './cell.tsx';
import { shortCell } from './cell-text.ts';
import { validationQuery, type VersionName } from './queries.ts';
import { useDataWords } from './use-data-words.ts';

/** Each expectation with what became of it, and the rows that do not meet it. */
export const ValidationPanel = ({ name }: { name: VersionName }) => {
  const { validation: words } = useDataWords();
  const validation = useQuery(validationQuery(name));
  return (
    <Panel title={words.title} note={words.note}>
      {validation.error ? (
        <Problem error={validation.error} onRetry={() => void validation.refetch()} />
      ) : !validation.data ? (
        <Skeleton height={80} />
      ) : validation.data.result === null ? (
        <p className="quiet">{words.none}</p>
      ) : (
        <ul className="expectations plain-list">
          {validation.data.result.results.map((result, i) => (
            // eslint-disable-next-line react/no-array-index-key
            <li key={i}>
              <Result result={result} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
};

const markOf = ({ outcome, expectation }: ExpectationResult): Mark =>
  outcome === 'passed' ? 'ok' : outcome === 'errored' || expectation.level === 'warning' ? 'attention' : 'broken';

const Result = ({ result }: { result: ExpectationResult }) => {
  const { f } = useI18n();
  const { validation: words } = useDataWords();
  const { expectation, outcome, rows, unexpected, samples, message } = result;
  return (
    <>
      <p className="with-mark">
        <StatusMark mark={markOf(result)} size={14} />
        <span className="expectation-text">
          <Said expectation={expectation} />{' '}
          <span className="quiet num">
            {words.outcome[outcome]}
            {unexpected > 0 && `, ${words.unexpected(f.number(unexpected), f.number(rows))}`}
            {expectation.level === 'warning' && `, ${words.warning}`}
          </span>
          {message !== undefined && (
            <span className="expectation-message">
              <ServerText text={shortCell(message, 400)} />
            </span>
          )}
        </span>
      </p>
      {samples.length > 0 && (
        <details className="expectation-rows">
          <summary>{words.samples(f.number(samples.length), samples.length)}</summary>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{words.row}</th>
                <th scope="col">{words.value}</th>
              </tr>
            </thead>
            <tbody>
              {samples.map(({ _row, value }) => (
                <tr key={_row}>
                  <td className="mono quiet" title={_row}>
                    {_row.slice(0, 8)}
                  </td>
                  <td>
                    <CellValue value={value} characters={160} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </>
  );
};

/** `text has a length from 1 up to 280`: the names of columns and values as they were declared. */
const Said = ({ expectation: { type, columns, args } }: { expectation: Expectation }) => {
  const { f } = useI18n();
  const { validation: words } = useDataWords();
  const { min, max, mostly, values, regex } = args;
  const bound = (value: unknown): string =>
    typeof value === 'number' ? f.number(value, Number.isInteger(value) ? 0 : 2) : shortCell(value, 40);
  const said = [
    words.what[type] ?? type,
    Array.isArray(values) && shortCell(values.map((value) => shortCell(value, 40)).join(', '), 160),
    typeof regex === 'string' && shortCell(regex, 120),
    min !== undefined && min !== null && `${words.from} ${bound(min)}`,
    max !== undefined && max !== null && `${words.upTo} ${bound(max)}`,
    typeof mostly === 'number' && mostly < 1 && words.mostly(f.percent(mostly, mostly * 100 === Math.round(mostly * 100) ? 0 : 1)),
  ].filter(Boolean);
  return (
    <>
      {columns.length > 0 && (
        <strong>
          <bdi>{shortCell(columns.join(', '), 80)}</bdi>{' '}
        </strong>
      )}
      {said.join(' ')}
    </>
  );
};
