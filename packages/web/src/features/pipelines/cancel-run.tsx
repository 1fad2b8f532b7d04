import type { PipelineRun } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useI18n } from '../../i18n/i18n.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { usePipelineWords } from './use-pipeline-words.ts';

/** Ends a run on purpose, having said what follows. */
export const CancelRun = ({ run, onDone }: { run: PipelineRun; onDone: () => void }) => {
  const { t } = useI18n();
  const { cancel: words, run: named } = usePipelineWords();
  const [isOpen, setIsOpen] = useState(false);
  const close = () => setIsOpen(false);
  const sent = useMutation({
    mutationFn: () => client.pipelineRuns.cancel({ params: { project: run.project, pipelineRunId: run.id } }),
    onSuccess: () => {
      close();
      onDone();
    },
  });
  return (
    <>
      <Button variant="default" onClick={() => setIsOpen(true)}>
        {words.open}
      </Button>
      {isOpen && (
        <Dialog title={words.title(named(run.pipeline, run.number))} onClose={close}>
          <ul className="dialog-list">
            {words.follows.map((what) => (
              <li key={what}>{what}</li>
            ))}
          </ul>
          {sent.error && (
            <p className="field-wrong" role="alert">
              <ServerText text={sent.error.message || t.problem.silentBody} />
            </p>
          )}
          <div className="dialog-actions">
            <Button variant="default" onClick={close}>
              {words.keep}
            </Button>
            <Button className="danger" loading={sent.isPending} onClick={() => sent.mutate()}>
              {words.act}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
};
