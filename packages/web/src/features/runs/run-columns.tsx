import type { Experiment, Run } from '@boucle/contract';
import type { ReactNode } from 'react';
import type { Format } from '../../i18n/format.ts';
import { metricText } from './metric-text.ts';
import { type Attribute, isSortable, parseKey } from './run-key.ts';
import type { RunsWords } from './words-en.ts';

export interface RunColumn {
  readonly id: string;
  readonly label: string;
  readonly width: number;
  readonly isNumeric: boolean;
  readonly isSortable: boolean;
  readonly write: (run: Run) => ReactNode;
}
interface Said {
  readonly words: RunsWords;
  readonly f: Format;
  readonly experiments: readonly Experiment[];
}

const widths: Partial<Record<Attribute, number>> = { start_time: 138, end_time: 138, duration: 96, status: 104, run_id: 150 };

/** A column for each key that is one; others are passed over, for addresses are written by anybody. */
export const runColumns = (ids: readonly string[], said: Said): RunColumn[] =>
  [...new Set(ids)].flatMap((id) => {
    const key = parseKey(id);
    if (!key || id === 'attributes.run_name') return [];
    const { group, name } = key;
    const plain = { id, isSortable: isSortable(id) };
    const width = Math.min(220, Math.max(96, 42 + name.length * 7.5));
    if (group === 'metrics')
      return [{ ...plain, label: name, width, isNumeric: true, write: (run: Run) => metricText(said.f, run.metrics[name]) }];
    if (group !== 'attributes')
      return [
        {
          ...plain,
          label: name,
          width: Math.max(110, width),
          isNumeric: false,
          write: (run: Run) => run[group][name]?.slice(0, 200) ?? '–',
        },
      ];
    const attribute = name as Attribute;
    const isNumeric = attribute === 'duration';
    const label = said.words.attributes[attribute];
    return [{ ...plain, label, width: widths[attribute] ?? 120, isNumeric, write: (run: Run) => attributeText(run, attribute, said) }];
  });

const attributeText = (run: Run, name: Attribute, { words, f, experiments }: Said): ReactNode => {
  switch (name) {
    case 'status':
      return words.status[run.status];
    case 'start_time':
      return f.dayHour(Date.parse(run.startedAt));
    case 'end_time':
      return run.endedAt === null ? '–' : f.dayHour(Date.parse(run.endedAt));
    case 'duration':
      return run.endedAt === null ? '–' : f.duration((Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000);
    case 'experiment':
      return experiments.find(({ id }) => id === run.experimentId)?.name ?? run.experimentId;
    case 'user_id':
      return run.userId ?? '–';
    case 'run_id':
      return <span className="mono">{run.id}</span>;
  }
};
