import type { FastifyInstance } from 'fastify';
import { requireAtDoor } from '../../subject-gate.ts';
import { askedBy, callerIn, carryOut, inputOf, type MlflowDoor, plain, prepareMlflow } from '../bind-mlflow.ts';
import { isRecord, optional, readMessage, type Reader, required, text, wrong } from '../fields.ts';
import { gatedRoute } from '../gated-route.ts';
import { mlflowAnswerOf } from '../mlflow-error.ts';
import type { MlflowRoute } from '../route.ts';
import { createQueries } from './answer-query.ts';
import { type Ask, routeOf } from './roots.ts';

const record: Reader<Readonly<Record<string, unknown>>> = (given, at) => {
  if (!isRecord(given)) throw wrong(at, given, 'it must be an object');
  return given;
};
const request = { query: required(text), variables: optional(record), operationName: optional(text) };

/** Where MLflow's pages send their queries. What is wrong with a query, and what may not be read, is said beside what could be answered. */
export const bindGraphql = (app: FastifyInstance, routes: readonly MlflowRoute[], door: MlflowDoor): void => {
  const answer = createQueries(routes);
  prepareMlflow(app, door).post('/graphql', async (sent, reply) => {
    const actor = await callerIn(sent, door);
    const { query, variables, operationName } = await inputOf(sent, { method: 'POST', request }, door);
    const asked = askedBy(sent, reply, { actor, door });
    const ask: Ask = async (name, input) => {
      const route = routeOf(routes, name);
      requireAtDoor(actor, gatedRoute(route));
      return plain(await carryOut(route, readMessage(route.request, input), { asked, gate: door.gate }));
    };
    const messageOf = (error: unknown): string => {
      const { status, message } = mlflowAnswerOf(error);
      if (status === 500) door.log.error('query failed', { requestId: sent.id, error });
      return status === 403 ? `Permission denied. ${message}` : message;
    };
    return reply.type('application/json').send(JSON.stringify(await answer({ query, variables, operationName }, ask, messageOf)));
  });
};
