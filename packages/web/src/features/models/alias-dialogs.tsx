import type { RegisteredModel } from '@boucle/contract';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { ActDialog } from '../../ui/act-dialog.tsx';
import { type AliasPlaces, followersOf } from './followers.ts';
import { useModelWords } from './use-model-words.ts';

interface AliasDialogProps {
  readonly model: RegisteredModel;
  readonly places: AliasPlaces;
  readonly onChange: () => void;
  readonly onClose: () => void;
}

/** Sets a new alias where none is named. */
export const MoveAlias = ({
  model,
  alias: moved,
  numbers,
  places,
  onChange,
  onClose,
}: AliasDialogProps & { alias?: string; numbers: readonly number[] }) => {
  const { alias: words, version } = useModelWords();
  const [name, setName] = useState(moved ?? '');
  const before = moved === undefined ? undefined : model.aliases[moved];
  const [number, setNumber] = useState(numbers.find((one) => one !== before) ?? numbers[0]!);
  const alias = name.trim();
  const move = async () => {
    await client.aliases.set({ params: { project: model.project, model: model.name, alias }, body: { number } });
    onChange();
  };
  return (
    <ActDialog
      title={moved === undefined ? words.setTitle : words.moveTitle(moved)}
      act={words.act(alias, number)}
      cancel={words.keep}
      isReady={alias !== '' && number !== before}
      onAct={move}
      onClose={onClose}
    >
      {moved === undefined && (
        <label className="field">
          {words.name}
          <input className="field-input" value={name} maxLength={255} autoFocus onChange={(event) => setName(event.currentTarget.value)} />
          <span className="field-hint">{words.nameHint}</span>
        </label>
      )}
      <label className="field">
        {words.to}
        <select className="field-input" value={number} onChange={(event) => setNumber(Number(event.currentTarget.value))}>
          {numbers.map((one) => (
            <option key={one} value={one}>
              {version(one)}
            </option>
          ))}
        </select>
      </label>
      {alias !== '' && (
        <ul className="dialog-list dialog-follows">
          {Object.hasOwn(model.aliases, alias) && <li>{words.points(alias, model.aliases[alias]!)}</li>}
          <li>{words.moved(`${model.name}@${alias}`, number)}</li>
          <Followers model={model.name} alias={alias} places={places} />
          <li>{words.audit}</li>
        </ul>
      )}
    </ActDialog>
  );
};

const Followers = ({ model, alias, places }: { model: string; alias: string; places: AliasPlaces }) => {
  const { alias: words } = useModelWords();
  const followers = followersOf({ model, alias }, places);
  if (followers.length === 0) return <li>{words.free}</li>;
  return followers.map((follower) => <li key={follower.endpoint}>{words.staying(follower)}</li>);
};

export const RemoveAlias = ({ model, alias, places, onChange, onClose }: AliasDialogProps & { alias: string }) => {
  const { alias: words } = useModelWords();
  const remove = async () => {
    await client.aliases.remove({ params: { project: model.project, model: model.name, alias } });
    onChange();
  };
  return (
    <ActDialog title={words.removeTitle(alias)} act={words.removingOf(alias)} cancel={words.keep} isDanger onAct={remove} onClose={onClose}>
      <ul className="dialog-list">
        <li>{words.gone(`${model.name}@${alias}`)}</li>
        {followersOf({ model: model.name, alias }, places).map((follower) => (
          <li key={follower.endpoint}>{words.unlinked(follower)}</li>
        ))}
        <li>{words.audit}</li>
      </ul>
    </ActDialog>
  );
};
