import type { Experiment } from '@boucle/contract';
import { Button, Popover } from '@mantine/core';
import { useState } from 'react';
import { useRunsWords } from './use-runs-words.ts';

interface ExperimentChooserProps {
  readonly experiments: readonly Experiment[];
  /** Ids; none for all. */
  readonly chosen: readonly string[];
  readonly onChange: (ids: readonly string[]) => void;
}

export const ExperimentChooser = ({ experiments, chosen, onChange }: ExperimentChooserProps) => {
  const words = useRunsWords();
  const [part, setPart] = useState('');
  const found = experiments.filter(({ name }) => name.toLowerCase().includes(part.trim().toLowerCase()));
  const [first] = chosen;
  const title =
    chosen.length === 0
      ? words.experiments.all
      : chosen.length === 1
        ? (experiments.find(({ id }) => id === first)?.name.slice(0, 40) ?? first!)
        : words.experiments.some(chosen.length);
  const toggle = (id: string) => onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <Popover position="bottom-start" width={300} trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" className="runs-experiments">
          <span className="run-hidden">{words.experiments.title}: </span>
          {title}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={words.experiments.title}>
        <div className="chooser-head">
          <input
            data-autofocus
            className="text-field"
            value={part}
            onChange={(event) => setPart(event.currentTarget.value)}
            placeholder={words.experiments.search}
            aria-label={words.experiments.search}
          />
        </div>
        <div className="chooser-list" role="group" aria-label={words.experiments.title} tabIndex={0}>
          {found.map(({ id, name }) => (
            <label key={id} className="chooser-choice">
              <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
              <span className="clip" title={name} dir="auto">
                {name}
              </span>
            </label>
          ))}
        </div>
        <div className="chooser-foot">
          <span />
          <Button variant="subtle" onClick={() => onChange([])}>
            {words.experiments.all}
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
};
