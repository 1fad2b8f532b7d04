import { createHash } from 'node:crypto';
import path from 'node:path';
import { type BlobDigest, hexOf, readTreeListing, type TreeDigest, type TreeEntry, treeListing } from '@boucle/contract';
import type { Client } from '@boucle/sdk';
import { addExamples, applyProject, examples, project, runPipeline, writeProject } from '@boucle/server/testing/small-project';
import type { Real } from './real-visit.ts';

export { project };
const params = { project };
/** Everything that a name may hold and a page must not trip over. */
export const hostileModel = `<img src=x onerror="window.hacked=1"> \u202Ereversed مرحبا 🚀 100% ?a=b&c#d ${'w'.repeat(120)}`;
export const hostileTag = `<script>window.hacked=1</script> ${'x'.repeat(10_000)} \u202E🚀`;

const texts = ['flight 7 was late and rude', 'flight 8 was great and kind', 'never late, thanks', 'lost, broken, and rude'];

/** A model with a good version, another one, and one that does not load; endpoints that answer, failed, ask for gates, and wait for people. */
export const fill = async ({ address, client }: Real, folder: string): Promise<void> => {
  const home = path.join(folder, 'project');
  await writeProject(home, {
    endpoints: {
      gated: `{ model: 'texts@champion', environment: 'staging', gates: [
        { metric: 'accuracy', atLeast: 0.5 }, { metric: 'brier', atMost: 0.001 }, { metric: 'f1', of: 'macro', atLeast: 0.999 }] }`,
      careful: `{ model: 'texts@champion', environment: 'staging', gates: [{ metric: 'accuracy', atLeast: 0.5 }], approvals: 1 }`,
    },
  });
  await applyProject(client, home);
  await patiently(() => addExamples(client, examples(200)));
  await patiently(async () => {
    const { status, steps } = await runPipeline(client, 'training');
    if (status !== 'succeeded') throw new Error(JSON.stringify(steps.map(({ failure }) => failure)));
  });
  await registerOthers(client);
  await client.endpoints.deploy({ params: { ...params, endpoint: 'texts' }, body: {} });
  await client.endpoints.deploy({ params: { ...params, endpoint: 'broken' }, body: { model: 'texts/3' } });
  await client.rollouts.start({ params: { ...params, endpoint: 'careful' }, body: { model: 'texts/1' } });
  for (let i = 0; i < 32; i++) await ask(address, texts[i % texts.length]!);
  await ask(address, 7);
  await client.models.create({ params, body: { name: hostileModel, description: hostileTag, tags: { evil: hostileTag, team: 'web' } } });
};

/** On a machine with too much to do a child may be given up before it began: it is asked for once more. What is done is kept. */
const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let left = 8; ; left--)
    try {
      return await work();
    } catch (error) {
      if (left === 0 || !/not ready within|child_not_started/.test(String(error))) throw error;
    }
};

/** The second version says something else of itself; the third has weights that nothing can be made of. */
const registerOthers = async (client: Client): Promise<void> => {
  const first = await client.models.versions.get({ params: { ...params, model: 'texts', number: 1 } });
  const listed = await client.blobs.get({ params: { ...params, digest: `blob:${hexOf(first.digest as TreeDigest)}` } });
  const entries = readTreeListing(await listed.text());
  const textOf = async (name: string): Promise<string> => {
    const { blob } = entries.find((entry) => entry.path === name)!;
    return (await client.blobs.get({ params: { ...params, digest: blob } })).text();
  };
  const card = `${await textOf('card.md')}\nRead by hand.\n`;
  const sums = await textOf('SHA256SUMS');
  const { id: runId } = await client.runs.create({ params, body: { name: 'by hand', params: { C: '2', penalty: 'l2' } } });
  for (const [changed, of] of [
    [{ 'card.md': card }, { runId }],
    [{ 'weights.bin': 'not what was trained' }, {}],
  ] as const) {
    const files = { ...changed, SHA256SUMS: withSums(sums, changed) };
    const digest = await keepTree(client, await withFiles(client, entries, files));
    await client.models.versions.create({ params: { ...params, model: 'texts' }, body: { digest, ...of } });
  }
};

const hexIn = (text: string): string => createHash('sha256').update(text).digest('hex');
/** A package says the digests of its files. */
const withSums = (sums: string, files: Readonly<Record<string, string>>): string =>
  sums
    .split('\n')
    .map((line) => {
      const name = line.split(/ +/)[1] ?? '';
      return files[name] === undefined ? line : line.replace(/^\S+/, hexIn(files[name]));
    })
    .join('\n');
const keep = async (client: Client, text: string): Promise<BlobDigest> => {
  const digest = `blob:${hexIn(text)}` as const;
  await client.blobs.put({ params: { ...params, digest }, data: text });
  return digest;
};
const keepTree = async (client: Client, entries: readonly TreeEntry[]): Promise<TreeDigest> =>
  `tree:${hexOf(await keep(client, treeListing(entries)))}`;
const withFiles = (client: Client, entries: readonly TreeEntry[], files: Readonly<Record<string, string>>): Promise<TreeEntry[]> =>
  Promise.all(
    entries.map(async (entry) => {
      const text = files[entry.path];
      return text === undefined ? entry : { ...entry, blob: await keep(client, text), size: Buffer.byteLength(text) };
    }),
  );

/** One row, by the protocol of every caller. */
export const ask = (address: string, text: unknown): Promise<Response> =>
  fetch(`${address}/v2/models/texts/infer`, {
    method: 'POST',
    headers: { 'boucle-project': project },
    body: JSON.stringify({ inputs: [{ name: 'text', shape: [1], datatype: 'BYTES', data: [text] }] }),
  });
