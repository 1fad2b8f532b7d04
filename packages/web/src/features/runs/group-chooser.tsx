import { useQuery } from '@tanstack/react-query';
import { keysQuery } from './queries.ts';
import { keyOf, parseKey } from './run-key.ts';
import { useRunsWords } from './use-runs-words.ts';

interface GroupChooserProps {
  readonly project: string;
  readonly group: string | undefined;
  readonly onChange: (key: string | undefined) => void;
}

export const GroupChooser = ({ project, group, onChange }: GroupChooserProps) => {
  const words = useRunsWords();
  const params = useQuery(keysQuery(project, 'params'));
  const tags = useQuery(keysQuery(project, 'tags'));
  const groups = [
    ['params', params.data],
    ['tags', tags.data],
  ] as const;
  const isListed = groups.some(([name, page]) => page?.items.some(({ key }) => keyOf({ group: name, name: key }) === group));
  return (
    <select
      className="runs-select"
      aria-label={words.group.title}
      value={group ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    >
      <option value="">{words.group.none}</option>
      {group !== undefined && !isListed && <option value={group}>{words.group.by(parseKey(group)?.name ?? group)}</option>}
      {groups.map(([name, page]) => (
        <optgroup key={name} label={words.columns.groups[name]}>
          {page?.items.map(({ key }) => (
            <option key={key} value={keyOf({ group: name, name: key })}>
              {words.group.by(key.slice(0, 60))}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
};
