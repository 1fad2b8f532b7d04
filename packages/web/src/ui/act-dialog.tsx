import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n.tsx';
import { Dialog } from './dialog.tsx';

interface ActDialogProps {
  readonly title: string;
  /** What follows from it, and what it needs to know. */
  readonly children: ReactNode;
  /** The act, once more, on its button. */
  readonly act: string;
  readonly cancel: string;
  readonly isDanger?: boolean;
  readonly isReady?: boolean;
  readonly onAct: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** An act that says what follows, where nobody has to say why. A refusal is said here. */
export const ActDialog = ({ title, children, act, cancel, isDanger, isReady = true, onAct, onClose }: ActDialogProps) => {
  const { t } = useI18n();
  const sent = useMutation({ mutationFn: onAct, onSuccess: onClose });
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !sent.isPending) sent.mutate();
        }}
      >
        {children}
        {sent.error && (
          <p className="field-wrong" role="alert">
            {sent.error.message || t.problem.silentBody}
          </p>
        )}
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose}>
            {cancel}
          </Button>
          <Button type="submit" disabled={!isReady} loading={sent.isPending} {...(isDanger && { className: 'danger' })}>
            {act}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};
