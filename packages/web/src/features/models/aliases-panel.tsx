import type { RegisteredModel } from '@boucle/contract';
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Panel } from '../../ui/panel.tsx';
import { MoveAlias, RemoveAlias } from './alias-dialogs.tsx';
import { type AliasPlaces, followersOf } from './followers.ts';
import { useModelWords } from './use-model-words.ts';

interface AliasesPanelProps {
  readonly model: RegisteredModel;
  readonly numbers: readonly number[];
  readonly places: AliasPlaces;
  readonly onChange: () => void;
}
type Act = { readonly kind: 'set' } | { readonly kind: 'move' | 'remove'; readonly alias: string };

/** The names that a version is loaded by, who goes by each, and their moves. */
export const AliasesPanel = ({ model, numbers, places, onChange }: AliasesPanelProps) => {
  const { alias: words, version } = useModelWords();
  const [act, setAct] = useState<Act>();
  const close = () => setAct(undefined);
  const aliases = Object.entries(model.aliases);
  const shared = { model, places, onChange, onClose: close };
  return (
    <Panel
      title={words.title}
      note={words.note}
      actions={
        numbers.length > 0 && (
          <Button variant="default" onClick={() => setAct({ kind: 'set' })}>
            {words.set}
          </Button>
        )
      }
    >
      {aliases.length === 0 ? (
        <p className="quiet">{words.none}</p>
      ) : (
        <ul className="aliases plain-list">
          {aliases.map(([alias, number]) => (
            <li key={alias}>
              <span className="alias-text">
                <strong className="alias-name" dir="auto">
                  {alias}
                </strong>{' '}
                <Link
                  to="/p/$project/models/$model/$number"
                  params={{ project: model.project, model: model.name, number: String(number) }}
                  className="text-link"
                >
                  {version(number)}
                </Link>
                <span className="quiet small">
                  {words.followedBy(followersOf({ model: model.name, alias }, places).map(({ endpoint }) => endpoint))}
                </span>
              </span>
              <span className="alias-acts">
                <Button variant="subtle" aria-label={words.movingOf(alias)} onClick={() => setAct({ kind: 'move', alias })}>
                  {words.move}
                </Button>
                <Button variant="subtle" aria-label={words.removingOf(alias)} onClick={() => setAct({ kind: 'remove', alias })}>
                  {words.remove}
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
      {act?.kind === 'remove' && <RemoveAlias {...shared} alias={act.alias} />}
      {(act?.kind === 'set' || act?.kind === 'move') && (
        <MoveAlias {...shared} numbers={numbers} {...(act.kind === 'move' && { alias: act.alias })} />
      )}
    </Panel>
  );
};
