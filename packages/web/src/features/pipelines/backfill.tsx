import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useI18n } from '../../i18n/i18n.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { usePipelineWords } from './use-pipeline-words.ts';

const shown = 100;
/** What a field for a time in the page's zone, UTC, holds. */
const fieldOf = (at: number): string => new Date(at).toISOString().slice(0, 16);

/** First what would run, then the same once more for good. */
export const Backfill = ({ project, pipeline, onDone }: { project: string; pipeline: string; onDone: () => void }) => {
  const { backfill: words } = usePipelineWords();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setIsOpen(true)}>
        {words.open}
      </Button>
      {isOpen && <BackfillDialog {...{ project, pipeline, onDone }} onClose={() => setIsOpen(false)} />}
    </>
  );
};

interface BackfillDialogProps {
  readonly project: string;
  readonly pipeline: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
}
const BackfillDialog = ({ project, pipeline, onDone, onClose }: BackfillDialogProps) => {
  const { t, f } = useI18n();
  const { backfill: words } = usePipelineWords();
  const [now] = useState(Date.now);
  const [period, setPeriod] = useState({ from: fieldOf(now - 7 * 86_400_000), to: fieldOf(now) });
  const asked = useMutation({
    mutationFn: (dryRun: boolean) =>
      client.pipelines.backfill({
        params: { project, pipeline },
        body: { from: `${period.from}:00.000Z`, to: `${period.to}:00.000Z`, dryRun },
      }),
    onSuccess: (_, dryRun) => {
      if (!dryRun) onDone();
    },
  });
  const items = asked.data?.items ?? [];
  const fresh = items.filter(({ status }) => status === 'new').length;
  const isDone = asked.isSuccess && !asked.variables;
  const change = (part: Partial<typeof period>) => {
    setPeriod({ ...period, ...part });
    asked.reset();
  };
  return (
    <Dialog title={words.title(pipeline)} onClose={onClose}>
      <p className="dialog-lead">{words.lead}</p>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!asked.isPending) asked.mutate(fresh === 0 || !asked.variables);
        }}
      >
        <div className="form-pair">
          <label className="field">
            {words.from}
            <input type="datetime-local" required value={period.from} onChange={(event) => change({ from: event.currentTarget.value })} />
          </label>
          <label className="field">
            {words.to}
            <input type="datetime-local" required value={period.to} onChange={(event) => change({ to: event.currentTarget.value })} />
          </label>
        </div>
        {asked.error && (
          <p className="field-wrong" role="alert">
            <ServerText text={asked.error.message || t.problem.silentBody} />
          </p>
        )}
        {asked.data && (
          <div role="status">
            {isDone ? (
              <p className="field-said">{words.begun(f.number(items.length), items.length)}</p>
            ) : (
              fresh === 0 && <p className="field-said">{items.length === 0 ? words.nothing : words.allDone}</p>
            )}
            {items.length > 0 && (
              // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
              <ul className="due-times plain-list num" aria-label={words.found} tabIndex={0}>
                {items.slice(0, shown).map(({ due, status, pipelineRunId }) => (
                  <li key={due}>
                    <span>{f.dayHour(Date.parse(due))} UTC</span>
                    {pipelineRunId === null ? (
                      <span className="quiet">{words.item[status]}</span>
                    ) : (
                      <Link to="/p/$project/pipeline-runs/$pipelineRunId" params={{ project, pipelineRunId }} className="text-link">
                        {words.item[status]}
                      </Link>
                    )}
                  </li>
                ))}
                {items.length > shown && <li className="quiet">+ {f.number(items.length - shown)}</li>}
              </ul>
            )}
          </div>
        )}
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose}>
            {words.keep}
          </Button>
          {!isDone && (
            <Button type="submit" loading={asked.isPending}>
              {fresh > 0 ? words.act(f.number(fresh), fresh) : words.look}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
};
