import type { Prediction } from '@boucle/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { type Mark, StatusMark } from '../../ui/status.tsx';
import { logPage, logQuery } from './queries.ts';
import { answerOf } from './scores.ts';
import type { EndpointSearch } from './search.ts';
import { useEndpointWords } from './use-endpoint-words.ts';

/** What is the caller's doing is no fault of ours. */
export const outcomeMark: Record<Prediction['outcome'], Mark> = {
  ok: 'ok',
  invalid: 'attention',
  error: 'broken',
  timeout: 'broken',
  cancelled: 'stopped',
  unavailable: 'broken',
};
const shownLetters = 120;

/** A page of the log; the address says which, so that a link shows the same to others. */
export const LogPanel = ({ project, endpoint, search }: { project: string; endpoint: string; search: EndpointSearch }) => {
  const { log: words } = useEndpointWords();
  const navigate = useNavigate();
  const { before, shadows = false } = search;
  const { data } = useQuery(logQuery(project, { endpoint, before, shadows }));
  const items = data?.items.slice(0, logPage) ?? [];
  const last = items.at(-1);
  const hasOlder = (data?.items.length ?? 0) > logPage;
  const to = { to: '/p/$project/endpoints/$endpoint', params: { project, endpoint }, resetScroll: false } as const;
  const kept = shadows ? ({ shadows } as const) : {};
  return (
    <Panel
      title={words.title}
      note={words.note}
      actions={
        <label className="choice">
          <input type="checkbox" checked={shadows} onChange={() => void navigate({ ...to, search: shadows ? {} : { shadows: true } })} />
          {words.shadows}
        </label>
      }
    >
      {data && items.length === 0 && <p className="quiet">{before === undefined ? words.none : words.noneBefore}</p>}
      {items.length > 0 && <LogTable project={project} items={items} />}
      <p className="log-pages">
        {before !== undefined && (
          <Link {...to} search={kept} className="text-link">
            {words.newest}
          </Link>
        )}
        {hasOlder && last && (
          <Link {...to} search={{ ...kept, before: last.id }} className="text-link">
            {words.older}
          </Link>
        )}
      </p>
    </Panel>
  );
};

const LogTable = ({ project, items }: { project: string; items: readonly Prediction[] }) => {
  const { log: words } = useEndpointWords();
  return (
    <ScrollTable label={words.title}>
      <thead>
        <tr>
          <th scope="col">{words.time}</th>
          <th scope="col">{words.input}</th>
          <th scope="col">{words.answer}</th>
          <th scope="col">{words.variant}</th>
          <th scope="col" className="cell-number">
            {words.latency}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((prediction) => (
          <LogRow key={prediction.id} project={project} prediction={prediction} />
        ))}
      </tbody>
    </ScrollTable>
  );
};

const LogRow = ({ project, prediction }: { project: string; prediction: Prediction }) => {
  const { f } = useI18n();
  const { log: words } = useEndpointWords();
  const { id, inputs, outputs, outcome, variant, shadowOf, latencyMs, arrivalTime } = prediction;
  const at = Date.parse(arrivalTime);
  const answer = outcome === 'ok' ? answerOf(outputs) : null;
  return (
    <tr>
      <th scope="row" className="nowrap">
        <Link to="/p/$project/predictions/$predictionId" params={{ project, predictionId: id }} className="text-link">
          <time dateTime={arrivalTime} title={f.moment(at)}>
            {f.shortDay(at)} {f.time(at)}
          </time>
        </Link>
      </th>
      <td className="cell-name" dir="auto">
        {inputOf(inputs)}
      </td>
      <td>
        <span className="log-answer">
          <StatusMark mark={outcomeMark[outcome]} size={13} label={words.outcome[outcome]} />
          <span dir="auto">{answer === null ? words.outcome[outcome] : short(answer)}</span>
        </span>
      </td>
      <td>
        {variant ?? '–'} {shadowOf !== null && <span className="quiet">{words.shadow}</span>}
      </td>
      <td className="cell-number nowrap">{f.duration(latencyMs / 1000)}</td>
    </tr>
  );
};

const short = (text: string): string => (text.length > shownLetters ? `${text.slice(0, shownLetters)}…` : text);
/** The one value where there is one, else all of them. */
const inputOf = (inputs: unknown): string => {
  if (inputs === null) return '–';
  if (typeof inputs !== 'object') return short(typeof inputs === 'string' ? inputs : JSON.stringify(inputs));
  const values = Object.values(inputs);
  const [value] = values;
  return short(values.length === 1 && typeof value === 'string' ? value : JSON.stringify(inputs));
};
