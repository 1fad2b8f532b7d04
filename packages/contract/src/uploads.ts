import { type Static, Type } from 'typebox';
import { Blob, Empty, Id, inProject, RelativePath } from './common.ts';
import { defineRoute } from './route.ts';
import { Artifact } from './runs.ts';

export const UploadPart = Type.Object(
  { number: Type.Integer({ minimum: 1, maximum: 10_000 }), size: Type.Integer(), digest: Blob },
  { $id: 'UploadPart' },
);
export type UploadPart = Static<typeof UploadPart>;
/** A file on its way. What has come of it says where to go on. */
export const Upload = Type.Object({ id: Id, path: RelativePath, parts: Type.Array(UploadPart) }, { $id: 'Upload' });
export type Upload = Static<typeof Upload>;

const upload = inProject({ runId: Id, uploadId: Id });
const at = '/api/v1/projects/:project/runs/:runId/uploads/:uploadId';

/** Large artifacts in parts: any of them may be sent again, in any order, over restarts of either side. One that nobody ends in a day goes. */
export const uploads = {
  begin: defineRoute({
    method: 'POST',
    path: '/api/v1/projects/:project/runs/:runId/uploads',
    summary: 'Begin to send an artifact in parts',
    tag: 'tracking',
    permission: 'runs:write',
    params: inProject({ runId: Id }),
    body: Type.Object({ path: RelativePath }),
    response: Upload,
    status: 201,
    errors: ['invalid_request', 'not_found', 'failed_precondition'],
  }),
  get: defineRoute({
    method: 'GET',
    path: at,
    summary: 'What has come of an upload',
    tag: 'tracking',
    permission: 'runs:read',
    params: upload,
    response: Upload,
    errors: ['not_found'],
  }),
  part: defineRoute({
    kind: 'upload',
    method: 'PUT',
    path: `${at}/parts/:number`,
    summary: 'Send a part; it takes the place of one that came before',
    tag: 'tracking',
    permission: 'runs:write',
    params: inProject({ runId: Id, uploadId: Id, number: UploadPart.properties.number }),
    response: UploadPart,
    errors: ['not_found', 'failed_precondition', 'too_large', 'unavailable'],
  }),
  /** Answers the same when it is asked again. */
  complete: defineRoute({
    method: 'POST',
    path: `${at}/complete`,
    summary: 'Make an artifact of the parts, in the order of their numbers',
    tag: 'tracking',
    permission: 'runs:write',
    params: upload,
    /** The parts as they were sent, to be held against what came; all that came where none are said. */
    body: Type.Object({ parts: Type.Optional(Type.Array(Type.Pick(UploadPart, ['number', 'digest']), { maxItems: 10_000 })) }),
    response: Artifact,
    errors: ['invalid_request', 'not_found', 'failed_precondition', 'unavailable'],
  }),
  abort: defineRoute({
    method: 'DELETE',
    path: at,
    summary: 'Give an upload up',
    tag: 'tracking',
    permission: 'runs:write',
    params: upload,
    response: Empty,
    errors: [],
  }),
};
