import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BlobDigest, blobDigest, hexOf, type ModelVersion } from '@boucle/contract';
import { trainTextClassifier } from '@boucle/models';
import type { Client } from '@boucle/sdk';
import { readFolderTree } from '../../packages/project/src/folder-tree.ts';
import { toBody } from '../../packages/cli/src/sending.ts';
import type { Labelled } from './traffic.ts';

/** Somebody trained by hand, and mixed the two labels up: it loads, it answers, and it is worse. */
export const registerWorseModel = async (
  client: Client,
  { project, model }: { project: string; model: string },
  rows: readonly Labelled[],
): Promise<ModelVersion> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'boucle-worse-'));
  try {
    const mixedUp = rows.map(({ label }) => (label === 'negative' ? 'other' : 'negative'));
    const trained = await trainTextClassifier(
      { texts: rows.map(({ text }) => text), labels: mixedUp },
      { approach: 'logistic-regression', seed: 1 },
    );
    await trained.save(folder, { inputExample: { text: ['my flight is late', 'thank you'] } });
    const { digest, listing, entries } = await readFolderTree(folder);
    const put = (blob: BlobDigest, data: Parameters<Client['blobs']['put']>[0]['data']) =>
      client.blobs.put({ params: { project, digest: blob }, data });
    for (const entry of entries) await put(entry.blob, toBody(createReadStream(path.join(folder, entry.path))));
    await put(blobDigest(hexOf(digest)), listing);
    return await client.models.versions.create({ params: { project, model }, body: { digest } });
  } finally {
    await rm(folder, { recursive: true });
  }
};
