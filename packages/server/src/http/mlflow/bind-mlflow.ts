import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../governance/index.ts';
import type { Log } from '../../platform/index.ts';
import { type Door, withRawBody } from '../bind.ts';
import { requestBody } from '../inference/request-body.ts';
import { type Fields, type Gate, type GatedRoute, requireAtDoor } from '../subject-gate.ts';
import { gatedRoute, namingFields } from './gated-route.ts';
import { type InputOf, isRecord, type Message, readMessage, WrongValue } from './fields.ts';
import { mlflowAnswerOf, MlflowError } from './mlflow-error.ts';
import { type Again, type Asked, type MlflowRoute, WireText } from './route.ts';
import { asWritten, parseWire, writeWire } from './wire-json.ts';

export interface MlflowDoor extends Pick<Door, 'callerOf' | 'resolveProject'> {
  readonly gate: Gate;
  readonly log: Log;
  /** Where people reach this server; what they asked, where it is not said. */
  readonly publicUrl: string | undefined;
  readonly bodyLimit: number;
}
const defaultProject = 'default';

/** Binds the table: each route below both of MLflow's prefixes. */
export const bindRoutes = (app: FastifyInstance, routes: readonly MlflowRoute[], door: MlflowDoor): void => {
  const own = prepareMlflow(app, door);
  for (const route of routes) {
    const gated = gatedRoute(route);
    for (const prefix of ['api', 'ajax-api'])
      own.route({
        method: route.method,
        url: `/${prefix}/${route.version}/${route.family}/${route.path}`,
        handler: async (request, reply) => {
          const asked = askedBy(request, reply, { actor: await actorOf(request, gated, door), door });
          const input: Fields = await inputOf(request, route, door);
          const answer = await carryOut(route, input, { asked, gate: door.gate });
          return reply
            .code(route.status)
            .type('application/json')
            .send(answer instanceof WireText ? answer.text : writeWire(answer));
        },
      });
  }
};

/** What goes with a message, from now until its answer is sent. */
export const askedBy = (
  request: FastifyRequest,
  reply: FastifyReply,
  { actor, door }: { readonly actor: Actor; readonly door: MlflowDoor },
): Asked => {
  const gone = new AbortController();
  reply.raw.on('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return { actor, signal: gone.signal, again: () => againOf(request, door) };
};

/** What a route answers to a message, as far as who asks may have it. */
export const carryOut = (
  route: MlflowRoute,
  input: Fields,
  { asked, gate }: { readonly asked: Asked; readonly gate: Gate },
): Promise<object> => {
  const handle = async (some: Fields): Promise<object> => (await route.handle(some as never, asked)) ?? {};
  return throughGate({ gate, actor: asked.actor, route, gated: gatedRoute(route) }, input, handle);
};

interface Gated {
  readonly gate: Gate;
  readonly actor: Actor;
  readonly route: MlflowRoute;
  readonly gated: GatedRoute;
}
/** Pages that are read for one that is full, when much of them may not be shown. */
const mostPages = 50;

const throughGate = async (
  { gate, actor, route, gated }: Gated,
  input: Fields,
  handle: (input: Fields) => Promise<object>,
): Promise<object> => {
  const naming = namingFields(route, input, actor);
  const entered = await gate.enter(actor, gated, naming);
  const some = naming === input ? entered : input;
  const answer = await handle(some);
  await gate.leave(actor, gated, some, answer as Fields);
  if (!gated.list || !actor.access || actor.access.isAdmin) return answer;
  const { items } = gated.list;
  let page = await plain(answer);
  const shown: unknown[] = [];
  const wanted = Number(some['max_results'] ?? Number.POSITIVE_INFINITY);
  for (let pages = 1; ; pages += 1) {
    shown.push(...((page[items] ?? []) as unknown[]).filter((item) => gate.isShown(actor, gated, item)));
    const next = page['next_page_token'];
    if (!next || shown.length >= wanted || pages === mostPages) return { ...page, [items]: shown };
    page = await plain(await handle({ ...some, page_token: next, ...(Number.isFinite(wanted) && { max_results: wanted - shown.length }) }));
  }
};
/** The fields of an answer, however it came. */
export const plain = async (answer: object): Promise<Fields> => {
  if (!(answer instanceof WireText)) return answer as Fields;
  return parseWire(typeof answer.text === 'string' ? answer.text : await text(answer.text)) as Fields;
};

/** Bodies are taken as they come, and what is thrown is said as MLflow says it. */
export const prepareMlflow = (app: FastifyInstance, { log }: Pick<MlflowDoor, 'log'>): FastifyInstance => {
  app.setErrorHandler((error, request, reply) => {
    const { status, code, message } = mlflowAnswerOf(error);
    if (status === 500) log.error('request failed', { requestId: request.id, method: request.method, url: request.url, error });
    // Python's client knows these two by their first words.
    if (status === 401)
      return refuse(reply.code(401).header('www-authenticate', 'Basic realm="mlflow"'), `You are not authenticated. ${message}`);
    if (status === 403) return refuse(reply.code(403), `Permission denied. ${message}`);
    return reply
      .code(status)
      .type('application/json')
      .send(JSON.stringify({ error_code: code, message }));
  });
  return withRawBody(app);
};
const refuse = (reply: FastifyReply, text: string): FastifyReply => reply.type('text/plain; charset=utf-8').send(text);

/** Who asks, and whether they may ask for this at all. */
export const actorOf = async (
  request: FastifyRequest,
  { permission, wants = permission }: { readonly permission: GatedRoute['permission']; readonly wants?: GatedRoute['wants'] },
  door: Pick<MlflowDoor, 'callerOf' | 'resolveProject'>,
): Promise<Actor> => {
  const actor = await callerIn(request, door);
  requireAtDoor(actor, { permission, wants });
  return actor;
};
/** Who asks, in the project that the workspace header names, or the token. */
export const callerIn = async (
  request: FastifyRequest,
  { callerOf, resolveProject }: Pick<MlflowDoor, 'callerOf' | 'resolveProject'>,
): Promise<Actor> => {
  const caller = await callerOf(request);
  const workspace = request.headers['x-mlflow-workspace'];
  const project =
    typeof workspace === 'string' ? await resolveProject(workspace) : (caller.onlyIn ?? (await resolveProject(defaultProject)));
  return { ...caller, project };
};

/** For addresses that a client calls outside of its session: where it found us, and what makes it known there. */
const againOf = ({ protocol, host, headers }: FastifyRequest, { publicUrl }: Pick<MlflowDoor, 'publicUrl'>): Again => {
  const said = headers['x-forwarded-proto'] === 'https' ? 'https' : protocol;
  const known = ['authorization', 'x-mlflow-workspace'].flatMap((name) =>
    typeof headers[name] === 'string' ? [[name, headers[name]]] : [],
  );
  return { origin: publicUrl ?? `${said}://${host}`, headers: Object.fromEntries(known) };
};

/** The fields that were sent: in the path, and in the query of a GET or the body of anything else. */
export const inputOf = async <M extends Message>(
  request: FastifyRequest,
  { method, request: fields }: { readonly method: MlflowRoute['method']; readonly request: M },
  { bodyLimit }: Pick<MlflowDoor, 'bodyLimit'>,
): Promise<InputOf<M>> => {
  const { params, query, headers } = request as {
    params: Record<string, string>;
    query: Record<string, unknown>;
    headers: FastifyRequest['headers'];
  };
  if (method === 'GET' && Object.keys(query).length > 0) return readMessage(fields, { ...listsOf(query, fields), ...params });
  if ((method === 'POST' || method === 'PUT') && !/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? ''))
    throw new MlflowError(
      'INVALID_PARAMETER_VALUE',
      `Bad Request. Content-Type must be application/json, and it is ${headers['content-type']?.slice(0, 100) ?? 'not said'}.`,
    );
  const body = await requestBody((request.body ?? request.raw) as Readable, headers, bodyLimit).read();
  const given = body.trim() === '' ? {} : parseWire(body);
  if (!isRecord(given)) throw new MlflowError('BAD_REQUEST', 'The body must be a JSON object');
  try {
    return readMessage(fields, { ...given, ...params });
  } catch (error) {
    if (!(error instanceof WrongValue) || typeof error.given !== 'number') throw error;
    throw new WrongValue(error.at, asWritten(body, error.given), error.hint);
  }
};

/** A field that repeats is a list, and so is one that could. */
const listsOf = (query: Record<string, unknown>, fields: Message): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      const isList = fields[name]?.isList ?? fields[name.replace(/\[\]$/, '')]?.isList ?? false;
      return [name.replace(/\[\]$/, ''), isList && !Array.isArray(value) ? [value] : value];
    }),
  );
