import { Readable } from 'node:stream';
import { hexOf } from '@boucle/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { Actor } from '../../governance/index.ts';
import type { Registry } from '../../registry/index.ts';
import type { Span, Tracking } from '../../tracking/index.ts';
import { sendDownload } from '../send-download.ts';
import { uploadBody } from '../upload-body.ts';
import { actorOf, type MlflowDoor, prepareMlflow } from './bind-mlflow.ts';
import { mediaTypeOf } from './media-type.ts';
import { MlflowError } from './mlflow-error.ts';
import { filedSpanShape } from './trace-shapes.ts';
import { writeWire } from './wire-json.ts';
import { type ArtifactPlace, placeOf, wirePath } from './wire-path.ts';

/** The page that shows artifacts puts small files beside them. */
const pageUploadBytes = 10 * 2 ** 20;

/** What moves bytes, both ways as a stream: the proxy that clients use, and the addresses that a page loads files from. */
export const bindArtifactProxy = (
  app: FastifyInstance,
  {
    tracking: { artifacts, traces },
    registry: { versions },
  }: { tracking: Pick<Tracking, 'artifacts' | 'traces'>; registry: Pick<Registry, 'versions'> },
  door: MlflowDoor,
): void => {
  const own = prepareMlflow(app, door);
  const reads = (request: FastifyRequest): Promise<Actor> => actorOf(request, { permission: 'runs:read' }, door);
  const writes = (request: FastifyRequest): Promise<Actor> => actorOf(request, { permission: 'runs:write' }, door);

  const send = async (request: FastifyRequest, reply: FastifyReply, placeIn: (actor: Actor) => ArtifactPlace): Promise<FastifyReply> => {
    const actor = await reads(request);
    const { owner, path } = placeIn(actor);
    await door.gate.enter(actor, { permission: 'runs:read', wants: 'runs:read' }, { owner });
    if (path === '') throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'A folder cannot be downloaded: list it, and get its files');
    const download = await artifacts.get(actor.project, owner, path);
    return sendDownload(request, reply, { media: mediaTypeOf(download.name), download });
  };
  const take = async (request: FastifyRequest, actor: Actor, { owner, path }: ArtifactPlace): Promise<object> => {
    await door.gate.enter(actor, { permission: 'runs:write', wants: 'runs:write' }, { owner });
    await artifacts.put(actor, owner, { path, data: bodyOf(request), announced: announcedBy(request), amend: true });
    return {};
  };

  for (const prefix of ['/api/2.0/mlflow-artifacts', '/ajax-api/2.0/mlflow-artifacts']) {
    own.get(`${prefix}/artifacts/*`, (request, reply) => send(request, reply, ({ project }) => placeOf(restOf(request), project.id)));
    own.put(`${prefix}/artifacts/*`, async (request) => {
      const actor = await writes(request);
      return take(request, actor, placeOf(restOf(request), actor.project.id));
    });
    own.put(`${prefix}/${partPath(':id', ':number')}`, async (request, reply) => {
      const { id, number } = request.params as { id: string; number: string };
      const part = await artifacts.uploads.putPart(await writes(request), { id, number: Number(number), data: bodyOf(request) });
      return reply.header('etag', `"${hexOf(part.digest)}"`).send({});
    });
  }
  own.get('/get-artifact', (request, reply) => send(request, reply, () => placeInRun(request)));
  own.get('/ajax-api/2.0/mlflow/logged-models/:id/artifacts/files', (request, reply) =>
    send(request, reply, () => {
      const { id } = request.params as { id: string };
      return { owner: `model:${id}`, path: asked(request, 'artifact_file_path') };
    }),
  );
  const sendOfVersion: RouteHandlerMethod = async (request, reply) => {
    const actor = await actorOf(request, { permission: 'models:read' }, door);
    const { name, version } = request.query as Record<string, unknown>;
    if (typeof name !== 'string' || name === '' || typeof version !== 'string' || !/^\d{1,9}$/.test(version))
      throw new MlflowError('INVALID_PARAMETER_VALUE', 'Request must specify a name, a version and a path.');
    const path = asked(request, 'path');
    await door.gate.enter(actor, { permission: 'models:read', wants: 'models:read' }, { name });
    const download = await versions.file(actor.project, { model: name, number: Number(version) }, path);
    return sendDownload(request, reply, { media: mediaTypeOf(download.name), download });
  };
  // Some write the first slash twice.
  for (const slashes of ['/', '//']) own.get(`${slashes}model-versions/get-artifact`, sendOfVersion);
  for (const version of ['2.0', '3.0'])
    own.get(`/ajax-api/${version}/mlflow/get-trace-artifact`, async (request, reply) => {
      const { request_id: id, path } = request.query as Record<string, unknown>;
      if (typeof id !== 'string' || !/^[\w.:-]{1,200}$/.test(id))
        throw new MlflowError('BAD_REQUEST', 'Request must include the "request_id" query parameter.');
      const owner = `trace:${id}` as const;
      if (typeof path === 'string' && path !== '') return send(request, reply, () => ({ owner, path: `attachments/${wirePath(path)}` }));
      const actor = await reads(request);
      await door.gate.enter(actor, { permission: 'runs:read', wants: 'runs:read' }, { owner });
      const [trace] = await traces.whole(actor.project, [id]);
      // Older clients keep the spans in a file.
      if (!trace) return send(request, reply, () => ({ owner, path: 'traces.json' }));
      return reply
        .headers({ 'content-disposition': 'attachment; filename=traces.json', 'x-content-type-options': 'nosniff' })
        .type('application/json')
        .send(Readable.from(filedSpans(traces.spans(trace))));
    });
  own.post('/ajax-api/2.0/mlflow/upload-artifact', async (request) => {
    const actor = await writes(request);
    if (announcedBy(request) > pageUploadBytes)
      throw new MlflowError(
        'INVALID_PARAMETER_VALUE',
        `Artifact size is too large: ${pageUploadBytes} bytes is the most that a page may send.`,
      );
    const place = placeInRun(request);
    if (announcedBy(request) === 0 && request.headers['transfer-encoding'] === undefined)
      throw new MlflowError('INVALID_PARAMETER_VALUE', 'Request must specify data.');
    return take(request, actor, place);
  });
};

/** Where a part of an upload is put, below the prefix. */
export const partPath = (id: string, number: number | string): string => `mpu/parts/${id}/${number}`;

const bodyOf = (request: FastifyRequest): Readable => uploadBody((request.body ?? request.raw) as Readable);
const announcedBy = ({ headers }: FastifyRequest): number => Number(headers['content-length'] ?? 0);
const restOf = ({ params }: FastifyRequest): string => wirePath((params as { '*': string })['*']);

const filedSpans = async function* (spans: AsyncIterable<Span>): AsyncGenerator<string> {
  yield '{"spans":[';
  let comma = '';
  for await (const span of spans) {
    yield comma + writeWire(filedSpanShape(span));
    comma = ',';
  }
  yield ']}';
};

const placeInRun = (request: FastifyRequest): ArtifactPlace => {
  const { run_id: runId, run_uuid: older } = request.query as Record<string, unknown>;
  const id = runId ?? older;
  if (typeof id === 'string' && /^[0-9a-f]{32}$/.test(id)) return { owner: `run:${id}`, path: asked(request, 'path') };
  throw new MlflowError('INVALID_PARAMETER_VALUE', 'Request must specify run_uuid.');
};
const asked = ({ query }: FastifyRequest, name: string): string => {
  const value = (query as Record<string, unknown>)[name];
  if (typeof value === 'string' && value !== '') return wirePath(value);
  throw new MlflowError('INVALID_PARAMETER_VALUE', `Request must specify ${name}.`);
};
