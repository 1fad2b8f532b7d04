import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useI18n } from '../i18n/i18n.tsx';
import { Dialog } from './dialog.tsx';

interface ReasonDialogProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly label: string;
  readonly hint: string;
  /** The act, once more, on its button. */
  readonly act: string;
  readonly cancel: string;
  readonly isDanger?: boolean;
  readonly isOptional?: boolean;
  readonly onAct: (reason: string) => Promise<unknown>;
  readonly onClose: () => void;
}

/** An act that says what follows and keeps who did it and why. A refusal is said here, so that the reason need not be written twice. */
export const ReasonDialog = ({ title, children, label, hint, act, cancel, isDanger, isOptional, onAct, onClose }: ReasonDialogProps) => {
  const { t } = useI18n();
  const [reason, setReason] = useState('');
  const sent = useMutation({ mutationFn: onAct, onSuccess: onClose });
  const isMissing = !isOptional && reason.trim() === '';
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isMissing && !sent.isPending) sent.mutate(reason.trim());
        }}
      >
        {children}
        <label className="field">
          {label}
          <textarea value={reason} maxLength={2000} onChange={(event) => setReason(event.currentTarget.value)} autoFocus />
          <span className="field-hint">{hint}</span>
        </label>
        {sent.error && (
          <p className="field-wrong" role="alert">
            {sent.error.message || t.problem.silentBody}
          </p>
        )}
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose}>
            {cancel}
          </Button>
          <Button type="submit" disabled={isMissing} loading={sent.isPending} {...(isDanger && { className: 'danger' })}>
            {act}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};
