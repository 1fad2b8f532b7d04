import type { QualityFinding } from '@boucle/contract';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { useMonitoringWords } from './use-monitoring-words.ts';
import { findingMark } from './window-state.ts';

/** What is wrong with the rows themselves, before anything is said of the world. */
export const QualityPanel = ({ findings }: { findings: readonly QualityFinding[] }) => {
  const { f } = useI18n();
  const { quality: words } = useMonitoringWords();
  return (
    <Panel title={words.title}>
      {findings.length === 0 && <p className="quiet">{words.none}</p>}
      <ul className="findings plain-list num">
        {findings.map((finding) => (
          <li key={`${finding.variant} ${finding.column} ${finding.fault}`} className="finding">
            <StatusMark mark={findingMark(finding)} size={15} />
            <div>
              <strong>{finding.column ?? words.whole}</strong> {words.fault[finding.fault]}{' '}
              <span className="quiet">{finding.isFault ? words.isFault : words.isFinding}</span>
              <div className="small-note">
                {words.share(f.percent(finding.share, 1), f.percent(finding.tolerated, 1), f.number(finding.rows))}
                <br />
                <ServerText text={finding.message} />
              </div>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
};
