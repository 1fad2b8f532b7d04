import { type TObject, Type } from 'typebox';
import { type ErrorCode, Problem, errorCodes } from './errors.ts';
import { errorsOf } from './implied-errors.ts';
import { type Route, type Routes, walkRoutes } from './route.ts';

type Content = { content: Record<string, { schema: object }> };

/** OpenAPI 3.1 speaks JSON Schema, and so does TypeBox: schemas are copied, and those with an `$id` become components. */
export const toOpenApi = (routes: Routes, info: { title: string; version: string }): object => {
  const { lift, schemas } = lifter();
  const content = (schema: object, type = 'application/json'): Content => ({ content: { [type]: { schema: lift(schema) as object } } });
  const paths: Record<string, Record<string, object>> = {};
  for (const [operationId, route] of walkRoutes(routes)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = {
      operationId,
      summary: route.summary,
      tags: [route.tag],
      'x-permission': route.permission,
      parameters: [...parameters(route.params, 'path', lift), ...parameters(route.query, 'query', lift), ...headers(route)],
      ...requestBody(route, content),
      responses: {
        [route.status ?? 200]: { description: route.summary, ...answer(route, content) },
        ...problems(errorsOf(route), content),
      },
    };
  }
  return { openapi: '3.1.0', info, paths, components: { schemas } };
};

/** Copies schemas, and moves those with an `$id` among the components. */
const lifter = () => {
  const schemas: Record<string, unknown> = {};
  const lift = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(lift);
    if (typeof node !== 'object' || node === null) return node;
    const { $id, ...rest } = node as { $id?: string };
    const copy = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, lift(value)]));
    if (!$id) return copy;
    schemas[$id] = copy;
    return { $ref: `#/components/schemas/${$id}` };
  };
  return { lift, schemas };
};

const parameters = (part: TObject | undefined, where: 'path' | 'query', lift: (node: unknown) => unknown) =>
  Object.entries(part?.properties ?? {}).map(([name, schema]) => ({
    name,
    in: where,
    required: part!.required?.includes(name) ?? false,
    schema: lift(schema),
  }));

const headers = (route: Route) => [
  ...(route.idempotent ? [{ name: 'Idempotency-Key', in: 'header', required: false, schema: Type.String({ maxLength: 200 }) }] : []),
  ...(route.kind === 'events' ? [{ name: 'Last-Event-ID', in: 'header', required: false, schema: Type.String() }] : []),
  ...(route.kind === 'download' ? [{ name: 'Range', in: 'header', required: false, schema: Type.String() }] : []),
];

const bytes = { type: 'string', format: 'binary' };
const requestBody = (route: Route, content: (schema: object, type?: string) => Content) => {
  if (route.kind === 'upload') return { requestBody: { required: true, ...content(bytes, 'application/octet-stream') } };
  if (route.kind === 'json' && route.body) return { requestBody: { required: true, ...content(route.body) } };
  return {};
};
const answer = (route: Route, content: (schema: object, type?: string) => Content): Content => {
  switch (route.kind) {
    case 'json':
    case 'upload':
      return content(route.response);
    case 'download':
      return content(bytes, route.media);
    case 'events':
      return content(route.event, 'text/event-stream');
  }
};

const problems = (codes: readonly ErrorCode[], content: (schema: object, type: string) => Content) =>
  Object.fromEntries(
    codes.map((code) => [
      errorCodes[code].status,
      { description: errorCodes[code].meaning, ...content(Problem, 'application/problem+json') },
    ]),
  );
