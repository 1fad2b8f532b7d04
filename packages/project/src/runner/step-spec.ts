import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { AnyDigest, Blob, Bundle, Code, Failure, Json, Name, PortSpec, StepArtifact, type TreeEntry } from '@boucle/contract';

/** All that a machine needs to carry out one step, but for the bytes: those are named by digest. It holds no secret. */
export const StepSpec = Type.Object({
  format: Type.Literal('boucle.step/1'),
  /** The step's id in its plan, for messages. */
  id: Name,
  step: Name,
  code: Code,
  codeDigest: Blob,
  ports: Type.Object({ inputs: Type.Record(Type.String(), PortSpec), outputs: Type.Record(Type.String(), PortSpec) }),
  /** Where the project's own modules and files come from; a step of the library needs none. */
  bundle: Type.Union([Bundle, Type.Null()]),
  inputs: Type.Record(Type.String(), Type.Array(StepArtifact)),
  /** Resolved, defaults filled in. */
  params: Type.Record(Type.String(), Json),
  /** From `seedOf`. */
  seed: Type.String(),
  /** Names of the secrets that it may ask for; their values are handed over apart. */
  secrets: Type.Array(Name),
  limits: Type.Object({ timeoutMs: Type.Optional(Type.Integer({ minimum: 1 })), memoryMb: Type.Optional(Type.Integer({ minimum: 1 })) }),
});
export type StepSpec = Static<typeof StepSpec>;

export const OutputArtifact = Type.Object({
  ...StepArtifact.properties,
  /** What lies in its folder, so that nobody needs to look again. */
  files: Type.Array(Type.Unsafe<TreeEntry>(Type.Object({ path: Type.String(), blob: Blob, size: Type.Integer() }))),
});
export type OutputArtifact = Static<typeof OutputArtifact>;

/** The last thing that is written. A step without it did not succeed, whatever else is said. */
export const StepResult = Type.Union([
  Type.Object({
    format: Type.Literal('boucle.result/1'),
    status: Type.Literal('succeeded'),
    outputs: Type.Record(Type.String(), OutputArtifact),
  }),
  Type.Object({ format: Type.Literal('boucle.result/1'), status: Type.Literal('failed'), failure: Failure }),
]);
export type StepResult = Static<typeof StepResult>;

/** Lies in every artifact's folder, beside its content. */
export const ArtifactManifest = Type.Object({
  format: Type.Literal('boucle.artifact/1'),
  kind: StepArtifact.properties.kind,
  digest: AnyDigest,
  rows: Type.Optional(Type.Integer()),
});
export type ArtifactManifest = Static<typeof ArtifactManifest>;

type Kind = ArtifactManifest['kind'];
/** Where an artifact's content is, within its folder. */
export const contentOf: Readonly<Record<Kind, string>> = {
  table: 'data.parquet',
  value: 'value.json',
  file: 'file',
  folder: 'files',
  model: 'model',
};

/** Where things are in the folder of an attempt. */
export const attemptLayout = (folder: string) => ({
  spec: join(folder, 'step.json'),
  bundle: join(folder, 'bundle'),
  input: (name: string, index: number) => join(folder, 'inputs', name, String(index)),
  output: (name: string) => join(folder, 'outputs', name),
  result: join(folder, 'result.json'),
});
export type AttemptLayout = ReturnType<typeof attemptLayout>;
