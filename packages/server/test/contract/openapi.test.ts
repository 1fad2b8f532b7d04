import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { api, errorCodes, errorsOf, toOpenApi } from '@boucle/contract';
import Schema from 'typebox/schema';
import { startAnew } from './anew.ts';
import { routes } from './per-route.ts';
import { jsonOf, send } from './send.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: object;
}
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content: Readonly<Record<string, { readonly schema: object }>> }>
  >;
  readonly 'x-permission': string;
}
interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const document = toOpenApi(api, { title: 'Boucle', version: '1.2.3' }) as OpenApi;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
);

function* objectsIn(node: unknown): Generator<Record<string, unknown>> {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) yield node as Record<string, unknown>;
  for (const child of Object.values(node)) yield* objectsIn(child);
}

describe('the OpenAPI document', () => {
  let served: OpenApi;
  before(() => {
    served = JSON.parse(JSON.stringify(document)) as OpenApi;
  });

  test('is served at /openapi.json as the contract has it', async (t) => {
    const { address } = await startAnew(t);
    const got = jsonOf<OpenApi>(await send(address, { method: 'GET', path: '/openapi.json', headers: {} }));
    assert.deepEqual({ ...got, info: document.info }, served);
    assert.match(got.openapi, /^3\.1\.\d+$/);
  });

  test('has every route once, by the name it has in the SDK', () => {
    assert.deepEqual(
      operations.map(({ operationId, method, path }) => `${operationId} ${method.toUpperCase()} ${path}`).sort(),
      routes.map(([name, { method, path }]) => `${name} ${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`).sort(),
    );
    assert.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length);
  });

  test('declares each part of a path, and says of every parameter what it is', () => {
    for (const { operationId, path, parameters } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
      assert.deepEqual(
        parameters
          .filter((one) => one.in === 'path')
          .map((one) => one.name)
          .sort(),
        named.sort(),
        operationId,
      );
      assert.ok(
        parameters.every((one) => one.in !== 'path' || one.required),
        operationId,
      );
      assert.equal(new Set(parameters.map((one) => `${one.in} ${one.name}`)).size, parameters.length, operationId);
    }
  });

  test('answers each error that a route can meet', () => {
    for (const [name, route] of routes) {
      const { responses } = operations.find(({ operationId }) => operationId === name)!;
      const statuses = [route.status ?? 200, ...errorsOf(route).map((code) => errorCodes[code].status)];
      assert.deepEqual(Object.keys(responses).sort(), [...new Set(statuses.map(String))].sort(), name);
      for (const { description, content } of Object.values(responses))
        assert.ok(description.length > 0 && Object.keys(content).length === 1, name);
    }
  });

  test('has nothing in it that leads nowhere, and nothing that nobody leads to', () => {
    const { schemas } = served.components;
    const references = [...objectsIn(served)].flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []));
    const named = new Set(references.map((reference) => /^#\/components\/schemas\/(\w+)$/.exec(reference)?.[1] ?? reference));
    assert.deepEqual([...named].sort(), Object.keys(schemas).sort());
  });

  test('holds JSON Schemas that can be compiled, each on its own', () => {
    const { schemas } = served.components;
    const bodies = operations.flatMap(({ requestBody, responses, parameters }) => [
      ...Object.values(requestBody?.content ?? {}),
      ...Object.values(responses).flatMap(({ content }) => Object.values(content)),
      ...parameters,
    ]);
    const distinct = new Set([...Object.values(schemas), ...bodies.map(({ schema }) => schema)].map((schema) => JSON.stringify(schema)));
    for (const text of distinct) {
      const schema = JSON.parse(text) as object;
      for (const { type, $id } of objectsIn(schema)) {
        assert.equal($id, undefined);
        if (typeof type === 'string') assert.match(type, /^(object|array|string|number|integer|boolean|null)$/, text);
      }
      Schema.Compile({ ...schema, components: { schemas } });
    }
  });
});
