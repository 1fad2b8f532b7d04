import type { Readable } from 'node:stream';
import { AppError, type Artifact, type BlobDigest, invalid, notFound } from '@boucle/contract';
import type { Actor } from '../governance/index.ts';
import type { Blobs } from '../platform/blobs/index.ts';
import { type Clock, type Db, newId } from '../platform/index.ts';
import type { Amending, OwnerChecks } from './artifact-owners.ts';
import { artifactPath } from './artifact-path.ts';
import type { ArtifactOwner } from './artifact-store.ts';
import { type UploadPart, uploadStore } from './upload-store.ts';

const dayMs = 24 * 3600 * 1000;
const mostParts = 10_000;
const sweptAtOnce = 100;

interface Parts {
  db: Db;
  clock: Clock;
  blobs: Blobs;
  mayWrite: OwnerChecks['mayWrite'];
  add: (actor: Actor, owner: ArtifactOwner, artifact: { path: string; blob: BlobDigest; size: number } & Amending) => Promise<Artifact>;
  maxUploadBytes: number;
}
/** A part as its sender remembers it. */
interface SentPart {
  readonly number: number;
  readonly digest: string;
}

/** Large files in parts: each may be sent again, in any order and after a restart, and the file is there once all is said to be sent. */
export const createUploads = ({ db, clock, blobs, mayWrite, add, maxUploadBytes }: Parts) => {
  const find = async ({ project }: Actor, owner: ArtifactOwner | undefined, id: string) => {
    const upload = await uploadStore(db.read).find(project, id);
    if (!upload || (owner !== undefined && upload.owner !== owner)) throw notFound('upload', id);
    return upload;
  };
  const remove = async (ids: readonly string[]): Promise<void> => {
    if (ids.length > 0) await db.write((tx) => uploadStore(tx).remove(ids));
    for (const id of ids) await blobs.parts.remove(id);
  };
  const sweep = async (): Promise<void> => {
    const dayAgo = new Date(clock.now().getTime() - dayMs);
    for (let old: string[] | undefined; old?.length !== 0;) {
      old = (await uploadStore(db.read).begunBefore(dayAgo, sweptAtOnce)).filter((id) => !ending.has(id));
      await remove(old);
    }
  };

  const makeWhole = async (
    actor: Actor,
    upload: Awaited<ReturnType<typeof find>>,
    { parts: sent, ...amending }: { parts?: readonly SentPart[] } & Amending,
  ) => {
    const { id, owner, path } = upload;
    await mayWrite(db.read, actor.project, { owner, ...amending });
    const parts = chosen(await uploadStore(db.read).parts(id), sent);
    const { digest: blob, size } = await blobs.put(
      blobs.parts.read(
        id,
        parts.map(({ digest }) => digest),
      ),
      { maxBytes: maxUploadBytes },
    );
    const artifact = await db.write(async (tx) => {
      await uploadStore(tx).end(id, { blob, size });
      return add(actor, owner, { path, blob, size, ...amending });
    });
    await blobs.parts.remove(id);
    return artifact;
  };
  /** To put a large file together takes its time, and a caller who lost patience asks again. */
  const ending = new Map<string, Promise<Artifact>>();

  return {
    begin: async (
      actor: Actor,
      owner: ArtifactOwner,
      { path, ...amending }: { path: string } & Amending,
    ): Promise<{ id: string; path: string; parts: UploadPart[] }> => {
      artifactPath(path);
      await mayWrite(db.read, actor.project, { owner, ...amending });
      await sweep();
      const id = newId();
      await db.write((tx) => uploadStore(tx).insert(actor.project, { id, owner, path, at: clock.now() }));
      return { id, path, parts: [] };
    },
    get: async (actor: Actor, owner: ArtifactOwner, id: string): Promise<{ id: string; path: string; parts: UploadPart[] }> => {
      const { path } = await find(actor, owner, id);
      return { id, path, parts: await uploadStore(db.read).parts(id) };
    },
    putPart: async (
      actor: Actor,
      { owner, id, number, data }: { owner?: ArtifactOwner; id: string; number: number; data: Readable },
    ): Promise<UploadPart> => {
      if (!(Number.isInteger(number) && number >= 1 && number <= mostParts))
        throw invalid(`Parts are numbered from 1 to ${mostParts}: send larger ones`, 'bad_part_number');
      takesParts(await find(actor, owner, id));
      const others = (await uploadStore(db.read).parts(id)).filter((part) => part.number !== number);
      const room = maxUploadBytes - others.reduce((sum, { size }) => sum + size, 0);
      const part = { number, ...(await blobs.parts.put(id, data, { maxBytes: room })) };
      await db.write(async (tx) => {
        const upload = await uploadStore(tx).find(actor.project, id);
        if (!upload) throw notFound('upload', id);
        takesParts(upload);
        await uploadStore(tx).putPart(id, part);
      });
      return part;
    },
    /** The parts that are named, or all that came, one after the other by their numbers. Saying it again changes nothing. */
    complete: async (
      actor: Actor,
      { owner, id, ...more }: { owner: ArtifactOwner; id: string; parts?: readonly SentPart[] } & Amending,
    ): Promise<Artifact> => {
      const upload = await find(actor, owner, id);
      if (upload.artifact) return upload.artifact;
      const underWay = ending.get(id) ?? makeWhole(actor, upload, more).finally(() => ending.delete(id));
      ending.set(id, underWay);
      return underWay;
    },
    /** What is given up already, or on its way to be whole, is left as it is. */
    abort: async (actor: Actor, owner: ArtifactOwner, id: string): Promise<void> => {
      const upload = await uploadStore(db.read).find(actor.project, id);
      if (upload?.owner === owner && upload.artifact === null && !ending.has(id)) await remove([id]);
    },
    /** At the start of a server: parts that no upload knows any more go too. */
    start: async (): Promise<void> => {
      await sweep();
      const groups = await blobs.parts.groups();
      for (let i = 0; i < groups.length; i += 1000) {
        const some = groups.slice(i, i + 1000);
        const known = await uploadStore(db.read).among(some);
        for (const group of some) if (!known.has(group)) await blobs.parts.remove(group);
      }
    },
  };
};

const takesParts = ({ id, artifact }: { id: string; artifact: Artifact | null }): void => {
  if (artifact)
    throw new AppError('failed_precondition', `Upload ${id} is whole and takes no more parts: begin another`, { reason: 'upload_ended' });
};

const chosen = (stored: readonly UploadPart[], sent: readonly SentPart[] | undefined): readonly UploadPart[] => {
  if (stored.length === 0 || sent?.length === 0) throw invalid('No part has come yet: send one first', 'part_missing');
  if (!sent) return stored;
  const byNumber = new Map(stored.map((part) => [part.number, part]));
  return sent
    .toSorted((a, b) => a.number - b.number)
    .map(({ number, digest }, i, all) => {
      if (number === all[i + 1]?.number) throw invalid(`Part ${number} is named twice: name each once`, 'part_doubled', { number });
      const part = byNumber.get(number);
      if (!part) throw invalid(`Part ${number} has not come: send it`, 'part_missing', { number });
      if (part.digest !== digest)
        throw invalid(`Part ${number} is ${part.digest}, not ${digest}: send it again`, 'part_differs', { number });
      return part;
    });
};
