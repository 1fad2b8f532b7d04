import type { Feedback } from '@boucle/contract';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useI18n } from '../../i18n/i18n.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ServerText } from '../../ui/server-text.tsx';
import { StatusMark } from '../../ui/status.tsx';
import { useEndpointWords } from './use-endpoint-words.ts';
import '../../ui/dialog.css';

interface FeedbackPanelProps {
  readonly project: string;
  readonly predictionId: string;
  readonly answer: string | null;
  /** To choose among; any text or number where there are none. */
  readonly labels: readonly string[];
  readonly feedback: readonly Feedback[];
  /** Whether the labels are known by now. */
  readonly isReady: boolean;
  readonly onChange: () => void;
}

/** What was true, as people said, and the form to say it. */
export const FeedbackPanel = ({ project, predictionId, answer, labels, feedback, isReady, onChange }: FeedbackPanelProps) => {
  const { f } = useI18n();
  const { feedback: words } = useEndpointWords();
  const superseded = new Set(feedback.map(({ supersedes }) => supersedes));
  return (
    <Panel title={words.title} note={words.note}>
      {feedback.length === 0 && <p className="quiet">{words.none}</p>}
      <ul className="feedback plain-list num">
        {feedback.map(({ id, label, comment, by, arrivalTime }) => {
          const agrees = said(label) === answer;
          return (
            <li key={id} className="with-mark">
              <StatusMark mark={agrees ? 'ok' : 'attention'} size={14} />
              <span>
                <strong dir="auto">{said(label)}</strong> {agrees ? words.agrees : words.differs}
                {comment !== null && comment !== '' && (
                  <>
                    {' '}
                    <q dir="auto">{comment}</q>
                  </>
                )}{' '}
                <span className="quiet">
                  {words.said(by, f.dayHour(Date.parse(arrivalTime)))}
                  {superseded.has(id) && `, ${words.superseded}`}
                </span>
              </span>
            </li>
          );
        })}
      </ul>
      {isReady && <FeedbackForm project={project} predictionId={predictionId} labels={labels} onChange={onChange} />}
    </Panel>
  );
};

const said = (label: unknown): string => (typeof label === 'string' ? label : JSON.stringify(label));

const FeedbackForm = ({ project, predictionId, labels, onChange }: Omit<FeedbackPanelProps, 'answer' | 'feedback' | 'isReady'>) => {
  const { t } = useI18n();
  const { feedback: words } = useEndpointWords();
  const [label, setLabel] = useState('');
  const [comment, setComment] = useState('');
  const sent = useMutation({
    mutationFn: async () => {
      // Where a model answers with numbers, what was true is one.
      const value = labels.length === 0 && label.trim() !== '' && Number.isFinite(Number(label)) ? Number(label) : label;
      const { items } = await client.feedback.give({
        params: { project },
        body: { items: [{ predictionId, label: value, ...(comment.trim() !== '' && { comment: comment.trim() }) }] },
      });
      return items[0]!;
    },
    onSuccess: () => {
      setComment('');
      onChange();
    },
  });
  return (
    <form
      className="feedback-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (label !== '' && !sent.isPending) sent.mutate();
      }}
    >
      <label className="field">
        {words.label}
        {labels.length > 0 ? (
          <select className="field-input" value={label} onChange={(event) => setLabel(event.currentTarget.value)}>
            <option value="">{words.choose}</option>
            {labels.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        ) : (
          <input className="field-input" value={label} maxLength={1000} onChange={(event) => setLabel(event.currentTarget.value)} />
        )}
      </label>
      <label className="field">
        <span>
          {words.comment} <span className="field-hint">{words.optional}</span>
        </span>
        <input className="field-input" value={comment} maxLength={4000} onChange={(event) => setComment(event.currentTarget.value)} />
      </label>
      <Button type="submit" disabled={label === ''} loading={sent.isPending}>
        {words.send}
      </Button>
      <p className="feedback-result" role="status">
        {sent.data && words.result[sent.data.result]} {sent.data?.message !== undefined && <ServerText text={sent.data.message} />}
        {sent.error && (sent.error.message || t.problem.silentBody)}
      </p>
    </form>
  );
};
