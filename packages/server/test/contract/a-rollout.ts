import { setTimeout as sleep } from 'node:timers/promises';
import type { BlobDigest, Rollout, TreeDigest } from '@boucle/contract';
import type { Client } from '@boucle/sdk';
import type { Blobs } from '../../src/platform/blobs/index.ts';
import { aNewName, model, project } from './names.ts';

interface Ground {
  readonly client: Client;
  readonly address: string;
  readonly blobs: Pick<Blobs, 'tree'>;
  readonly modelVersion: { readonly digest: string };
  readonly upload: (bytes: string) => Promise<BlobDigest>;
  readonly uploadTree: (entries: Awaited<ReturnType<Blobs['tree']>>) => Promise<TreeDigest>;
}
/** It waits for somebody to agree, at an endpoint of its own: nothing is loaded for it. */
export const waiting = (): Parameters<Client['rollouts']['start']>[0] => ({
  params: { project, endpoint: aNewName() },
  body: { model: `${model}/1`, policy: { approvals: 1 } },
});
export const startWaiting = async ({ client }: Pick<Ground, 'client'>): Promise<Rollout> =>
  until(client, (await client.rollouts.start(waiting())).id, ({ approvalId }) => approvalId !== null);

/** It routes requests to another package of the same model. */
export const startRouted = async ({ client, blobs, modelVersion, upload, uploadTree }: Ground): Promise<Rollout> => {
  const params = { project, endpoint: aNewName() };
  const note = aNewName();
  const entries = await blobs.tree(modelVersion.digest as TreeDigest);
  const digest = await uploadTree([...entries, { path: 'note.txt', blob: await upload(note), size: note.length }]);
  const { number } = await client.models.versions.create({ params: { project, model }, body: { digest } });
  await client.endpoints.deploy({ params, body: { model: `${model}/1` } });
  const policy = { canary: { shares: [0.5] }, lateness: '0s' };
  const { id } = await client.rollouts.start({ params, body: { model: `${model}/${number}`, policy } });
  return until(client, id, ({ stage }) => stage === 'canary');
};

/** Asks its endpoint once, and waits until that is evidence. */
export const giveEvidence = async ({ client, address }: Pick<Ground, 'client' | 'address'>, id: string): Promise<void> => {
  const { endpoint, evidence } = (await client.rollouts.get({ params: { project, rolloutId: id } })).rollout;
  await fetch(`${address}/v2/models/${endpoint}/infer`, {
    method: 'POST',
    headers: { 'boucle-project': project },
    body: JSON.stringify({ inputs: [{ name: 'text', shape: [1], datatype: 'BYTES', data: ['flight 7 was late'] }] }),
  });
  await until(client, id, (rollout) => rollout.evidence > evidence);
};

const until = async (client: Client, rolloutId: string, isThere: (rollout: Rollout) => boolean): Promise<Rollout> => {
  for (;;) {
    const { rollout } = await client.rollouts.get({ params: { project, rolloutId } });
    if (isThere(rollout)) return rollout;
    if (rollout.endedAt !== null) throw new Error(`The rollout ended: ${rollout.message}`);
    await sleep(20);
  }
};
