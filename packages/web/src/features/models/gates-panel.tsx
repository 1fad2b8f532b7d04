import { type DeclaredEndpoint, type Gate, type GateJudgement, type GateVerdict, parseModelReference } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { client } from '../../app/client.ts';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { type Gap, gapsOf } from './gate-gap.ts';
import { gatesQuery } from './queries.ts';
import { useModelWords } from './use-model-words.ts';
import '../rollouts/rollouts.css';

interface Judged {
  readonly project: string;
  readonly model: string;
  readonly number: number;
}
const marks = { passed: 'ok', failed: 'broken', undecided: 'attention' } as const;

/** What each endpoint that wants this model asks of a version, and what came out. */
export const GatesPanels = ({ declared, ...judged }: Judged & { declared: readonly DeclaredEndpoint[] }) => {
  const { gates: words } = useModelWords();
  const asking = declared.filter((one) => (one.gates ?? []).length > 0 && parseModelReference(one.model)?.model === judged.model);
  if (asking.length === 0)
    return (
      <Panel title={words.title}>
        <p className="quiet">{words.none}</p>
      </Panel>
    );
  return asking.map((endpoint) => <GatesPanel key={endpoint.name} {...judged} endpoint={endpoint.name} gates={endpoint.gates ?? []} />);
};

const GatesPanel = ({ project, model, number, endpoint, gates }: Judged & { endpoint: string; gates: readonly Gate[] }) => {
  const { t } = useI18n();
  const { gates: words } = useModelWords();
  const { data: judgement, refetch } = useQuery(gatesQuery(project, { model, number, endpoint }));
  const judge = useMutation({
    mutationFn: () => client.models.versions.judge({ params: { project, model, number }, body: { endpoint } }),
    onSuccess: () => refetch(),
  });
  return (
    <Panel
      title={words.of(endpoint)}
      note={words.note(number)}
      actions={
        <Button variant="default" loading={judge.isPending} onClick={() => judge.mutate()}>
          {judgement ? words.again : words.judge}
        </Button>
      }
    >
      {judge.error && (
        <p className="field-wrong" role="alert">
          {judge.error.message || t.problem.silentBody}
        </p>
      )}
      {judgement === null && <p className="quiet">{words.never(number, endpoint)}</p>}
      {judgement && <Judgement judgement={judgement} gates={gates} />}
    </Panel>
  );
};

const Judgement = ({ judgement, gates }: { judgement: GateJudgement; gates: readonly Gate[] }) => {
  const { f } = useI18n();
  const { gates: words } = useModelWords();
  const { passed, number, endpoint, champion, judgedBy, judgedAt } = judgement;
  const gaps = gapsOf(gates, judgement.gates);
  return (
    <>
      <p className="with-mark gates-verdict">
        <StatusMark mark={passed ? 'ok' : 'broken'} size={16} />
        <span>
          <strong>{passed ? words.passed(number, endpoint) : words.stopped(number, endpoint)}</strong>{' '}
          <span className="quiet num">
            {words.judged(judgedBy, f.dayHour(Date.parse(judgedAt)))}
            {champion !== null && `, ${words.champion(champion)}`}
          </span>
        </span>
      </p>
      <ul className="gates plain-list">
        {judgement.gates.map((gate, i) => (
          <GateLine key={`${i} ${gate.gate}`} gate={gate} gap={gaps[i]} />
        ))}
      </ul>
    </>
  );
};

const GateLine = ({ gate: { gate, verdict, value, interval, message }, gap }: { gate: GateVerdict; gap: Gap | undefined }) => {
  const { f } = useI18n();
  const { gates: words } = useModelWords();
  return (
    <li className={`gate gate-${verdict}`}>
      <StatusMark mark={marks[verdict]} size={15} />
      <div className="gate-text">
        <div className="gate-head num">
          <span className="gate-name mono">{gate}</span>
          <span className="gate-verdict">{words.verdict[verdict]}</span>
          {value !== null && <span>{f.figure(value)}</span>}
          {interval && <span className="quiet">{words.interval(f.figure(interval[0]), f.figure(interval[1]))}</span>}
        </div>
        {gap && verdict === 'failed' && (
          <p className="gate-gap num">{words.missed(f.figure(gap.value), gap.atLeast > 0 ? f.figure(gap.atLeast) : null)}</p>
        )}
        {gap && verdict === 'undecided' && gap.atLeast < 0 && <p className="gate-gap num">{words.open(f.figure(-gap.atLeast))}</p>}
        <p className="gate-message">
          <ServerText text={message} />
        </p>
      </div>
    </li>
  );
};
