import { useEffect, useState } from 'react';
import { client } from '../../app/client.ts';

/** Of a longer log a page shows the beginning. */
const mostCharacters = 4_000_000;
const part = 262_144;
const restMs = 1000;

export interface StepLog {
  readonly text: string;
  /** All there will be has been read. */
  readonly isWhole: boolean;
  readonly isCut: boolean;
  readonly error: Error | undefined;
}
const nothing: StepLog = { text: '', isWhole: false, isCut: false, error: undefined };

interface Read {
  readonly project: string;
  readonly stepRunId: string;
  readonly attempt: number;
  /** Nobody writes any more. */
  readonly isOver: boolean;
}

/** Reads a log to its end, and on while its step runs. */
export const useStepLog = ({ project, stepRunId, attempt, isOver }: Read): StepLog => {
  const [log, setLog] = useState(nothing);
  const [offset, setOffset] = useState(0);
  useEffect(() => {
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async (from: number): Promise<void> => {
      try {
        const { text, nextOffset, complete } = await client.stepRuns.log(
          { params: { project, stepRunId }, query: { attempt, offset: from, limit: part } },
          { signal: gone.signal },
        );
        if (gone.signal.aborted) return;
        const isWhole = complete && isOver;
        setOffset(nextOffset);
        setLog((before) => {
          const all = before.text + text;
          return { text: all, isWhole, isCut: all.length >= mostCharacters, error: undefined };
        });
        if (isWhole || nextOffset >= mostCharacters) return;
        timer = setTimeout(() => void read(nextOffset), complete ? restMs : 0);
      } catch (error) {
        if (gone.signal.aborted) return;
        setLog((before) => ({ ...before, error: error as Error }));
        if (!isOver) timer = setTimeout(() => void read(from), restMs * 5);
      }
    };
    void read(offset);
    return () => {
      gone.abort();
      clearTimeout(timer);
    };
    // Where it stands is its own; only another log, or the end of its step, begins anew.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [project, stepRunId, attempt, isOver]);
  return log;
};
