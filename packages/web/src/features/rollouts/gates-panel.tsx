import type { GateVerdict, Rollout } from '@boucle/contract';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { useRolloutWords } from './use-rollout-words.ts';

const marks = { passed: 'ok', failed: 'broken', undecided: 'attention' } as const;

/** Each gate with what it says and the numbers it says it by. */
export const GatesPanel = ({ rollout: { gates, policy } }: { rollout: Rollout }) => {
  const { gates: words } = useRolloutWords();
  return (
    <Panel title={words.title} note={words.note}>
      {gates && gates.length > 0 ? (
        <ul className="gates plain-list">
          {gates.map((gate) => (
            <GateLine key={gate.gate} gate={gate} />
          ))}
        </ul>
      ) : (
        <p className="quiet">{policy.gates.length === 0 ? words.none : words.waiting}</p>
      )}
    </Panel>
  );
};

const GateLine = ({ gate: { gate, verdict, value, interval, message } }: { gate: GateVerdict }) => {
  const { f } = useI18n();
  const { gates: words } = useRolloutWords();
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
        <p className="gate-message">
          <ServerText text={message} />
        </p>
      </div>
    </li>
  );
};
