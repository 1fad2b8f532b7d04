import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { useI18n } from '../i18n/i18n.tsx';
import { Icon } from './icon.tsx';
import './copy-text.css';

/** An id, a digest, a command: perhaps shortened for the eye, whole for the clipboard. */
export const CopyText = ({ text, shown = text, label = shown }: { text: string; shown?: string; label?: string }) => {
  const { t } = useI18n();
  return (
    <span className="copy-text">
      <span className="mono clip" title={text}>
        {shown}
      </span>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t.app.copied : t.app.copy}>
            <ActionIcon size="sm" onClick={copy} aria-label={`${copied ? t.app.copied : t.app.copy}: ${label}`}>
              <Icon name={copied ? 'check' : 'copy'} size={13} />
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </span>
  );
};
