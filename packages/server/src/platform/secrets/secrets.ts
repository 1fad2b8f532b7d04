import type { Transform } from 'node:stream';
import { AppError, type SecretInfo, invalid, notFound } from '@boucle/contract';
import { type Clock, systemClock } from '../clock.ts';
import { shortestSecret } from './forms.ts';
import { type GivenSecret, nameInEnvironment, secretsOfEnvironment, secretsOfFolder, tooShort } from './given-secrets.ts';
import { ensureKey, readKey } from './key-file.ts';
import { type Mask, createMask, maskStream } from './mask.ts';
import { type SecretPlace, seal, unreadable, unseal } from './sealed.ts';

export interface SealedSecret extends SecretPlace {
  readonly sealed: string;
  /** ISO 8601, UTC. */
  readonly updatedAt: string;
}
/** Where sealed secrets are kept; it sees no value. */
export interface SealedStore {
  get(place: SecretPlace): Promise<SealedSecret | undefined>;
  set(secret: SealedSecret): Promise<void>;
  /** Whether there was one. */
  remove(place: SecretPlace): Promise<boolean>;
  /** Of one project, or of all. */
  list(project?: string): Promise<SealedSecret[]>;
}
export interface SecretsOptions {
  store: SealedStore;
  /** Made when the first secret is sealed. */
  keyFile: string;
  env?: Readonly<Record<string, string | undefined>>;
  folder?: string | undefined;
  clock?: Clock;
}

/** Secrets by name: those that the operator gives by environment or folder come first, then those sealed for the project. */
export const createSecrets = async ({ store, keyFile, env = process.env, folder, clock = systemClock }: SecretsOptions) => {
  const given: readonly GivenSecret[] = [...secretsOfEnvironment(env), ...(folder === undefined ? [] : await secretsOfFolder(folder))];
  let key = await readKey(keyFile);

  const givenAs = (name: string): GivenSecret | undefined =>
    given.find((secret) => (secret.source === 'file' ? secret.name === name : nameInEnvironment(secret.name) === nameInEnvironment(name)));
  const opened = (secret: SealedSecret): string => {
    if (!key) throw unreadable(secret, `its key file ${keyFile} is not there`);
    return unseal(secret.sealed, secret, key);
  };

  /** Also values that were replaced or removed: a process may still have them. */
  const hidden = new Map<string, string>(given.map(({ name, value }) => [value, name]));
  const maskOfAll = (): Mask => createMask([...hidden].map(([value, name]) => [name, value]));
  const unreadableAtStart: SecretPlace[] = [];
  for (const secret of await store.list()) {
    try {
      hidden.set(opened(secret), secret.name);
    } catch {
      unreadableAtStart.push({ project: secret.project, name: secret.name }); // Asking for its value says why.
    }
  }
  let mask = maskOfAll();
  const hide = (value: string, name: string): void => {
    if (hidden.has(value)) return;
    hidden.set(value, name);
    mask = maskOfAll();
  };

  const keyForSealing = async (): Promise<Buffer> => {
    if (key) return key;
    const sealed = await store.list();
    if (sealed.length > 0) throw keyMissing(keyFile, sealed);
    key = await ensureKey(keyFile);
    return key;
  };
  const refuseIfGiven = (name: string): void => {
    const source = givenAs(name)?.source;
    if (source)
      throw invalid(`Secret ${name} comes from the server's ${source}, which goes first: change it there`, 'secret_given', {
        name,
        source,
      });
  };

  return {
    /** The value. */
    get: async (project: string, name: string): Promise<string> => {
      const value = givenAs(name)?.value;
      if (value !== undefined) return value;
      const secret = await store.get({ project, name });
      if (!secret) throw notFound('secret', name);
      return opened(secret);
    },
    /** For a value that is kept with what it belongs to: sealed for that place, and hidden in the log. */
    seal: async (place: SecretPlace, value: string): Promise<string> => {
      if (value.length < shortestSecret) throw tooShort(place.name, 'sent');
      const sealed = seal(value, place, await keyForSealing());
      hide(value, place.name);
      return sealed;
    },
    open: (place: SecretPlace, sealed: string): string => {
      if (!key) throw unreadable(place, `its key file ${keyFile} is not there`);
      const value = unseal(sealed, place, key);
      hide(value, place.name);
      return value;
    },
    list: async (project: string): Promise<SecretInfo[]> => {
      const sealed = (await store.list(project)).filter(({ name }) => !givenAs(name));
      return [
        ...given.map(({ name, source }): SecretInfo => ({ name, source, updatedAt: null })),
        ...sealed.map(({ name, updatedAt }): SecretInfo => ({ name, source: 'sealed', updatedAt })),
      ].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    set: async (project: string, name: string, value: string): Promise<SecretInfo> => {
      refuseIfGiven(name);
      if (value.length < shortestSecret) throw tooShort(name, 'sent');
      const updatedAt = clock.now().toISOString();
      const sealed = seal(value, { project, name }, await keyForSealing());
      hide(value, name);
      await store.set({ project, name, sealed, updatedAt });
      return { name, source: 'sealed', updatedAt };
    },
    remove: async (project: string, name: string): Promise<void> => {
      refuseIfGiven(name);
      if (!(await store.remove({ project, name }))) throw notFound('secret', name);
    },
    /** The text with each known value, plain or encoded, as ‹secret:NAME›. */
    mask: (text: string): string => mask(text, true).text,
    /** The same for a stream, wherever its chunks are cut. */
    createMask: (): Transform => maskStream(() => mask),
    /** Sealed with another key than the one that is there, or changed: for whoever looks after the server. */
    unreadableAtStart: unreadableAtStart as readonly SecretPlace[],
  };
};
export type Secrets = Awaited<ReturnType<typeof createSecrets>>;

const keyMissing = (file: string, sealed: readonly SecretPlace[]): AppError =>
  new AppError(
    'failed_precondition',
    `The key file ${file} is gone, and ${sealed.length} secrets are sealed with it: bring it back from a backup, or remove those secrets first`,
    { reason: 'key_file_missing', details: { file, secrets: sealed.map(({ project, name }) => ({ project, name })) } },
  );
