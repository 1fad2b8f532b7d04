import { Button, Popover } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { keysQuery } from './queries.ts';
import { attributes, type KeyGroup, keyOf, parseKey } from './run-key.ts';
import { useRunsWords } from './use-runs-words.ts';

interface ColumnChooserProps {
  readonly project: string;
  readonly shown: readonly string[];
  /** Undefined for the columns that stand without being said. */
  readonly onChange: (columns: readonly string[] | undefined) => void;
}

/** From the catalogue that the server keeps: searched there, so that twelve thousand keys are no more work than twelve. */
export const ColumnChooser = ({ project, shown, onChange }: ColumnChooserProps) => {
  const words = useRunsWords();
  return (
    <Popover position="bottom-end" width={320} trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default">{words.columns.title}</Button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={words.columns.title}>
        <Choices project={project} shown={shown} onChange={onChange} />
      </Popover.Dropdown>
    </Popover>
  );
};

const Choices = ({ project, shown, onChange }: ColumnChooserProps) => {
  const words = useRunsWords();
  const [part, setPart] = useState('');
  const asked = useDeferredValue(part.trim());
  const toggle = (id: string) => onChange(shown.includes(id) ? shown.filter((one) => one !== id) : [...shown, id]);
  const names = attributes.filter((name) => `${name} ${words.attributes[name]}`.toLowerCase().includes(asked.toLowerCase()));
  return (
    <>
      <div className="chooser-head">
        <input
          data-autofocus
          className="text-field"
          value={part}
          onChange={(event) => setPart(event.currentTarget.value)}
          placeholder={words.columns.search}
          aria-label={words.columns.search}
        />
      </div>
      <div className="chooser-list" role="group" aria-label={words.columns.title} tabIndex={0}>
        {asked === '' && <Group title={words.columns.shown} ids={shown} shown={shown} onToggle={toggle} />}
        {(['metrics', 'params', 'tags'] as const).map((group) => (
          <Found key={group} project={project} group={group} part={asked} shown={shown} onToggle={toggle} />
        ))}
        <Group
          title={words.columns.groups.attributes}
          ids={names.map((name) => keyOf({ group: 'attributes', name })).filter((id) => asked !== '' || !shown.includes(id))}
          shown={shown}
          onToggle={toggle}
        />
      </div>
      <div className="chooser-foot">
        <span className="quiet num">{words.columns.count(shown.length)}</span>
        <Button variant="subtle" onClick={() => onChange(undefined)}>
          {words.columns.reset}
        </Button>
      </div>
    </>
  );
};

interface FoundProps {
  readonly project: string;
  readonly group: Exclude<KeyGroup, 'attributes'>;
  readonly part: string;
  readonly shown: readonly string[];
  readonly onToggle: (id: string) => void;
}
const Found = ({ project, group, part, shown, onToggle }: FoundProps) => {
  const words = useRunsWords();
  const { data } = useQuery(keysQuery(project, group, part));
  const ids = (data?.items ?? []).map(({ key }) => keyOf({ group, name: key })).filter((id) => part !== '' || !shown.includes(id));
  return (
    <Group
      title={words.columns.groups[group]}
      ids={ids}
      shown={shown}
      onToggle={onToggle}
      {...(data?.nextCursor && { more: words.columns.more })}
    />
  );
};

interface GroupProps {
  readonly title: string;
  readonly ids: readonly string[];
  readonly shown: readonly string[];
  readonly more?: string;
  readonly onToggle: (id: string) => void;
}
const Group = ({ title, ids, shown, more, onToggle }: GroupProps) => {
  const words = useRunsWords();
  if (ids.length === 0) return null;
  const labelOf = (id: string): string => {
    const key = parseKey(id);
    return key?.group === 'attributes' ? words.attributes[key.name as (typeof attributes)[number]] : (key?.name ?? id);
  };
  return (
    <fieldset className="chooser-group">
      <legend>{title}</legend>
      {ids.map((id) => (
        <label key={id} className="chooser-choice">
          <input type="checkbox" checked={shown.includes(id)} onChange={() => onToggle(id)} />
          <span className="clip" title={labelOf(id)}>
            {labelOf(id)}
          </span>
        </label>
      ))}
      {more && <p className="small-note">{more}</p>}
    </fieldset>
  );
};
