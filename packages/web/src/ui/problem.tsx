import { ApiError } from '@boucle/sdk';
import { Button } from '@mantine/core';
import { useI18n } from '../i18n/i18n.tsx';
import { CopyText } from './copy-text.tsx';
import { StatusMark } from './status.tsx';
import './state.css';

/** What went wrong, in the server's words where it had any, and with what finds it in the log. */
export const Problem = ({ error, onRetry }: { error: Error; onRetry: () => void }) => {
  const { t } = useI18n();
  const refusal = error instanceof ApiError ? error : undefined;
  return (
    <div className="problem" role="alert">
      <StatusMark mark="broken" size={18} />
      <div className="problem-text">
        <h1 className="state-title">{refusal ? t.problem.refused : t.problem.silent}</h1>
        <p className="state-text">{refusal ? refusal.message : t.problem.silentBody}</p>
        <Button mt={12} onClick={onRetry}>
          {t.problem.retry}
        </Button>
        {refusal && (
          <dl className="problem-facts">
            <div>
              <dt>{t.problem.code}</dt>
              <dd className="mono">{[refusal.status, refusal.code, refusal.reason].filter(Boolean).join(' ')}</dd>
            </div>
            {refusal.requestId && (
              <div>
                <dt>{t.problem.requestId}</dt>
                <dd>
                  <CopyText text={refusal.requestId} label={t.problem.requestId} />
                </dd>
              </div>
            )}
          </dl>
        )}
      </div>
    </div>
  );
};
