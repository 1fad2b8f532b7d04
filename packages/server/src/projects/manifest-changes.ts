import { isDeepStrictEqual } from 'node:util';
import type { Manifest, ManifestChange, Plan } from '@boucle/contract';

type Kind = ManifestChange['type'];
type Fields = Readonly<Record<string, unknown>>;
type Named = ReadonlyMap<string, Fields>;

/** What is different from one manifest to the next, thing by thing, in the order of the loop. */
export const manifestChanges = (before: Manifest | undefined, after: Manifest): ManifestChange[] => {
  const [old, now] = [before ? partsOf(before) : undefined, partsOf(after)];
  return kinds.flatMap((type) => changesOf(type, old?.[type] ?? new Map(), now[type]));
};

const kinds = ['framing', 'dataset', 'pipeline', 'step', 'endpoint', 'monitor', 'channel'] as const satisfies readonly Kind[];

const partsOf = (manifest: Manifest): Record<Kind, Named> => {
  const { problem, owners, risk, kpis, datasets, pipelines, endpoints, monitors, channels = [] } = manifest;
  return {
    framing: new Map([['framing', { problem, owners, risk, kpis }]]),
    dataset: byName(datasets),
    pipeline: new Map(pipelines.map(({ pipeline, params, inputs, outputs, on }) => [pipeline, { params, inputs, outputs, on }])),
    step: new Map(pipelines.flatMap(stepsOf)),
    endpoint: byName(endpoints),
    monitor: byName(monitors),
    channel: byName(channels),
  };
};

const byName = (things: readonly { readonly name: string }[]): Named => new Map(things.map(({ name, ...fields }) => [name, fields]));

/** Where the code is and what it contains are one part: both make another computation. */
const stepsOf = ({ pipeline, steps }: Plan): [string, Fields][] =>
  steps.map(({ id, step, code, codeDigest, ports, inputs, params, secrets, options }) => [
    `${pipeline}.${id}`,
    { code: { step, code, codeDigest }, ports, inputs, params, secrets, options },
  ]);

const changesOf = (type: Kind, before: Named, after: Named): ManifestChange[] => [
  ...[...after].flatMap(([name, fields]): ManifestChange[] => {
    const old = before.get(name);
    if (!old) return [{ change: 'added', type, name, parts: [] }];
    const parts = [...new Set([...Object.keys(old), ...Object.keys(fields)])].filter((part) => !isDeepStrictEqual(old[part], fields[part]));
    return parts.length > 0 ? [{ change: 'changed', type, name, parts }] : [];
  }),
  ...[...before.keys()].filter((name) => !after.has(name)).map((name): ManifestChange => ({ change: 'removed', type, name, parts: [] })),
];
