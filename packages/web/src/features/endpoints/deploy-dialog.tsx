import { type AskedVariant, type Deployment, parseModelReference, type Rollout } from '@boucle/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { client } from '../../app/client.ts';
import { ActDialog } from '../../ui/act-dialog.tsx';
import { modelQuery, versionsQuery } from '../models/queries.ts';
import { againOf, mainOf } from './served.ts';
import { useEndpointWords } from './use-endpoint-words.ts';

interface DeployDialogProps {
  readonly project: string;
  readonly endpoint: string;
  /** What answers now. */
  readonly current: Deployment | null;
  /** Under way at the endpoint. */
  readonly rollout: Rollout | undefined;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const deploy = async (
  { project, endpoint, onDone }: DeployDialogProps,
  body: { model: string } | { variants: AskedVariant[] },
): Promise<void> => {
  await client.endpoints.deploy({ params: { project, endpoint }, body });
  onDone();
};

/** A version of a model, or what its alias points at, instead of what answers. */
export const DeployDialog = (props: DeployDialogProps & { model: string; declared: string | undefined }) => {
  const { project, endpoint, model, declared, onClose } = props;
  const { deploying: words } = useEndpointWords();
  // A model that was removed since has neither aliases nor versions: nothing can be chosen.
  const aliases = useQuery(modelQuery(project, model)).data?.aliases ?? {};
  const versions = useInfiniteQuery(versionsQuery(project, model)).data?.pages.flatMap(({ items }) => items) ?? [];
  const numberAt = (reference: string): number | undefined => {
    const named = parseModelReference(reference);
    return named && 'alias' in named && named.model === model && Object.hasOwn(aliases, named.alias) ? aliases[named.alias] : undefined;
  };
  const references = [
    ...new Set([...(declared === undefined ? [] : [declared]), ...Object.keys(aliases).map((alias) => `${model}@${alias}`)]),
    ...versions.map(({ number }) => `${model}/${number}`),
  ];
  const [chosen, setChosen] = useState<string>();
  const reference = chosen ?? references[0] ?? '';
  return (
    <ActDialog
      title={words.title(endpoint)}
      act={words.act(reference)}
      cancel={words.keep}
      isReady={reference !== ''}
      onAct={() => deploy(props, { model: reference })}
      onClose={onClose}
    >
      <label className="field">
        {words.what}
        <select className="field-input" value={reference} onChange={(event) => setChosen(event.currentTarget.value)}>
          {references.map((one) => (
            <option key={one} value={one}>
              {one.includes('@') ? words.aliasOption(one, numberAt(one)) : one}
            </option>
          ))}
        </select>
      </label>
      <Follows {...props} what={reference} />
    </ActDialog>
  );
};

/** What answered before, share by share. */
export const RollBackDialog = (props: DeployDialogProps & { to: Deployment; aliases: Readonly<Record<string, number>> }) => {
  const { endpoint, to, aliases, current, onClose } = props;
  const words = useEndpointWords();
  const main = mainOf(to);
  const what = to.variants.map(({ model, version }) => words.version(model, version)).join(', ');
  const named = current && parseModelReference(current.reference);
  const alias = named && 'alias' in named && Object.hasOwn(aliases, named.alias) ? named.alias : undefined;
  return (
    <ActDialog
      title={words.deploying.rollBackTitle(endpoint, to.number)}
      act={words.deployments.rollBackTo(to.number)}
      cancel={words.deploying.keep}
      isDanger
      onAct={() => deploy(props, { variants: againOf(to) })}
      onClose={onClose}
    >
      <Follows {...props} what={what}>
        {alias !== undefined && main && aliases[alias] !== main.version && <li>{words.deploying.aliasStays(alias, aliases[alias]!)}</li>}
      </Follows>
    </ActDialog>
  );
};

const Follows = ({ what, current, rollout, children }: DeployDialogProps & { what: string; children?: ReactNode }) => {
  const words = useEndpointWords();
  const before = current?.variants.map(({ model, version }) => words.version(model, version)).join(', ');
  return (
    <ul className="dialog-list dialog-follows">
      <li>{words.deploying.answersAll(what)}</li>
      {before !== undefined && <li>{words.deploying.until(before)}</li>}
      {rollout && <li>{words.deploying.supersedes(rollout.number)}</li>}
      {children}
      <li>{words.deploying.ungated}</li>
      {before !== undefined && <li>{words.deploying.kept}</li>}
      <li>{words.deploying.audit}</li>
    </ul>
  );
};
