import { type Topic, topics, type Webhook, type Webhooks } from '../../../notifications/index.ts';
import { integerIn, list, message, oneOf, optional, required, requiredList, text } from '../fields.ts';
import { MlflowError } from '../mlflow-error.ts';
import { mlflowRoute, type MlflowRoute } from '../route.ts';

const entities = {
  REGISTERED_MODEL: 1,
  MODEL_VERSION: 2,
  MODEL_VERSION_TAG: 3,
  MODEL_VERSION_ALIAS: 4,
  PROMPT: 5,
  PROMPT_VERSION: 6,
  PROMPT_TAG: 7,
  PROMPT_VERSION_TAG: 8,
  PROMPT_ALIAS: 9,
  BUDGET_POLICY: 10,
} as const;
const actions = { CREATED: 1, UPDATED: 2, DELETED: 3, SET: 4, EXCEEDED: 5 } as const;
const event = message({ entity: required(oneOf(entities)), action: required(oneOf(actions)) });
const status = oneOf({ ACTIVE: 1, DISABLED: 2 });

interface Event {
  readonly entity: string;
  readonly action: string;
}
const topicOf = ({ entity, action }: Event): Topic => {
  const found = topics.find((topic) => topic === `${entity}.${action}`.toLowerCase());
  if (!found)
    throw new MlflowError(
      'INVALID_PARAMETER_VALUE',
      `Invalid action '${action.toLowerCase()}' for entity '${entity.toLowerCase()}': there are ${topics.join(', ')}`,
    );
  return found;
};
const statusOf = (said: 'ACTIVE' | 'DISABLED' | undefined): Webhook['status'] | undefined =>
  said === undefined ? undefined : said === 'ACTIVE' ? 'active' : 'disabled';

const webhookShape = ({ id, name, description, url, topics: told, status: state, createdAt, updatedAt }: Webhook) => ({
  webhook_id: id,
  name,
  description: description === '' ? undefined : description,
  url,
  events: told.map((topic) => {
    const [entity = '', action = ''] = topic.toUpperCase().split('.');
    return { entity, action };
  }),
  status: state.toUpperCase(),
  creation_timestamp: Date.parse(createdAt),
  last_updated_timestamp: Date.parse(updatedAt),
});

const one = { webhook_id: required(text) };

export const webhookRoutes = (webhooks: Webhooks): MlflowRoute[] => [
  mlflowRoute({
    method: 'POST',
    path: 'webhooks',
    permission: 'webhooks:write',
    request: {
      name: required(text),
      url: required(text),
      events: requiredList(event),
      description: optional(text),
      secret: optional(text),
      status: optional(status),
    },
    handle: async ({ events, status: said, ...webhook }, { actor }) => ({
      webhook: webhookShape(await webhooks.create(actor, { ...webhook, topics: events.map(topicOf), status: statusOf(said) })),
    }),
  }),
  mlflowRoute({
    method: 'GET',
    path: 'webhooks',
    permission: 'webhooks:read',
    request: { max_results: optional(integerIn(1, 1000)), page_token: optional(text) },
    handle: async ({ max_results: limit = 100, page_token: cursor }, { actor }) => {
      const { items, nextCursor } = await webhooks.list(actor, { limit, ...(cursor !== undefined && { cursor }) });
      return { webhooks: items.map(webhookShape), next_page_token: nextCursor };
    },
  }),
  mlflowRoute({
    method: 'GET',
    path: 'webhooks/:webhook_id',
    permission: 'webhooks:read',
    request: one,
    handle: async ({ webhook_id }, { actor }) => ({ webhook: webhookShape(await webhooks.get(actor, webhook_id)) }),
  }),
  mlflowRoute({
    method: 'PATCH',
    path: 'webhooks/:webhook_id',
    permission: 'webhooks:write',
    request: {
      ...one,
      name: optional(text),
      description: optional(text),
      url: optional(text),
      events: list(event),
      secret: optional(text),
      status: optional(status),
    },
    handle: async ({ webhook_id, events, status: said, ...changes }, { actor }) => {
      const told = events.length > 0 ? { topics: events.map(topicOf) } : {};
      return { webhook: webhookShape(await webhooks.update(actor, webhook_id, { ...changes, ...told, status: statusOf(said) })) };
    },
  }),
  mlflowRoute({
    method: 'DELETE',
    path: 'webhooks/:webhook_id',
    permission: 'webhooks:write',
    request: one,
    handle: ({ webhook_id }, { actor }) => webhooks.remove(actor, webhook_id),
  }),
  mlflowRoute({
    method: 'POST',
    path: 'webhooks/:webhook_id/test',
    permission: 'webhooks:write',
    request: { ...one, event: optional(event) },
    handle: async ({ webhook_id, event: asked }, { actor }) => {
      const { isDelivered, status: code, body, error } = await webhooks.test(actor, webhook_id, asked && topicOf(asked));
      return { result: { success: isDelivered, response_status: code, response_body: body, error_message: error } };
    },
  }),
];
