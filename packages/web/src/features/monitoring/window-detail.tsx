import type { Monitor, MonitorWindowDetail } from '@boucle/contract';
import { useI18n } from '../../i18n/i18n.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { ColumnsPanel } from './columns-panel.tsx';
import { KpisPanel } from './kpis-panel.tsx';
import { QualityPanel } from './quality-panel.tsx';
import { TrafficPanel } from './traffic-panel.tsx';
import { useMonitoringWords } from './use-monitoring-words.ts';
import { windowMark, windowState } from './window-state.ts';

/** All that was found in one window. */
export const WindowDetail = ({ project, monitor, window }: { project: string; monitor: Monitor; window: MonitorWindowDetail }) => (
  <>
    <WindowHead window={window} />
    <ColumnsPanel project={project} monitor={monitor} window={window} />
    <div className="monitoring-pair">
      <KpisPanel kpis={window.kpis} />
      <QualityPanel findings={window.quality} />
    </div>
    {window.traffic.length > 0 && <TrafficPanel traffic={window.traffic} />}
  </>
);

const WindowHead = ({ window }: { window: MonitorWindowDetail }) => {
  const { f } = useI18n();
  const { windows, window: words } = useMonitoringWords();
  const { budget, drifted, missed, faults } = window;
  const found = [
    faults > 0 && windows.faults(faults),
    missed.length > 0 && windows.missed(missed),
    drifted.length > 0 && windows.found(drifted),
  ].filter(Boolean);
  const said = found.join(', ');
  return (
    <header className="window-head" aria-live="polite">
      <StatusMark mark={windowMark[windowState(window)]} size={20} />
      <div>
        <h2 className="window-title num">{words.title(windows.span(f.span(Date.parse(window.from), Date.parse(window.to))))}</h2>
        <p className="window-said num">
          {said ? words.found(said) : words.quiet}{' '}
          <span className="quiet">
            {[
              windows.rows(f.number(window.rows), window.rows),
              words.labelled(f.number(window.labelled)),
              window.shadowRows > 0 && words.shadow(f.number(window.shadowRows)),
              window.version > 1 && words.version(window.version),
            ]
              .filter(Boolean)
              .join(', ')}
          </span>
        </p>
        {budget && (
          <p className="window-budget quiet num">
            {words.budget({
              falseAlarms: budget.falseAlarms,
              alpha: f.percent(budget.alpha, 2),
              comparisons: f.number(budget.comparisons),
              n: budget.comparisons,
            })}{' '}
            {budget.joined > 0 && words.joined(budget.joined)}
          </p>
        )}
      </div>
    </header>
  );
};
