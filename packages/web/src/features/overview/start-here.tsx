import { useI18n } from '../../i18n/i18n.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { Panel } from '../../ui/panel.tsx';
import './start-here.css';

const commands = ['boucle init my-project', 'boucle apply', 'boucle datasets add examples', 'boucle pipelines run training'];

/** What to type where nothing has happened yet. */
export const StartHere = () => {
  const { t } = useI18n();
  return (
    <Panel title={t.start.title} note={t.start.note}>
      <ol className="start">
        {commands.map((command, index) => (
          <li key={command} className="start-step">
            <span className="start-number num" aria-hidden="true">
              {index + 1}
            </span>
            <div className="start-text">
              <div className="start-why">{t.start.steps[index]}</div>
              <div className="start-command">
                <CopyText text={command} />
              </div>
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
};
