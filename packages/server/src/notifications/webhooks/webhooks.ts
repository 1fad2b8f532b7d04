import { AppError, type BoucleEvent, invalid, type Paging } from '@boucle/contract';
import type { Actor, ProjectRef } from '../../governance/index.ts';
import { type Clock, createLooks, type Db, type Events, type Log, newId } from '../../platform/index.ts';
import type { Outbound } from '../../platform/outbound/index.ts';
import type { Secrets } from '../../platform/secrets/index.ts';
import { judgeAnswer } from '../attempt.ts';
import { headersOf } from './sign.ts';
import { bodyOf, exampleOf, isTold, type Topic, toldOf } from './topics.ts';
import { type Delivery, type StoredWebhook, type Webhook, webhookStore } from './webhook-store.ts';

interface Parts {
  readonly db: Db;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  readonly outbound: Outbound;
  readonly secrets: Pick<Secrets, 'seal' | 'open' | 'mask'>;
  readonly projects: () => Promise<readonly ProjectRef[]>;
  readonly random?: () => number;
}
export interface NewWebhook {
  readonly name: string;
  readonly url: string;
  readonly topics: readonly Topic[];
  readonly description?: string | undefined;
  /** Signs what is sent. */
  readonly secret?: string | undefined;
  readonly status?: Webhook['status'] | undefined;
}
type Changes = { readonly [K in keyof NewWebhook]?: NewWebhook[K] | undefined };
export interface Tried {
  readonly isDelivered: boolean;
  readonly status?: number;
  readonly body?: string;
  readonly error?: string;
}

const mostPerProject = 100;
const mostAttempts = 4;
const longestAskedMs = 3_600_000;
const pageOfNews = 500;
const namePattern = /^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/;

/** How long after a failed attempt the next one comes: 1, 2 and 4 seconds and up to one more, or as the receiver asks. */
export const waitAfter = (attempts: number, random: number, askedMs = 0): number | undefined =>
  attempts >= mostAttempts
    ? undefined
    : Math.max(1000 * 2 ** (attempts - 1) + Math.round(1000 * random), Math.min(askedMs, longestAskedMs));

/** Tells addresses what becomes of models. News is read forward like a log; what it makes to be sent is written with the position. */
export const createWebhooks = ({ db, events, clock, log, outbound, secrets, projects, random = Math.random }: Parts) => {
  const placeOf = ({ id, projectId }: Pick<StoredWebhook, 'id' | 'projectId'>) => ({ project: projectId, name: `webhook:${id}` });
  const require = async ({ project }: Actor, id: string): Promise<StoredWebhook> => {
    const found = await webhookStore(db.read).find(project, id);
    if (!found)
      throw new AppError('not_found', `Webhook with ID ${id} not found: list those that there are`, { details: { what: 'webhook', id } });
    return found;
  };

  const post = async ({ url, sealedSecret, ...webhook }: StoredWebhook, { id, body }: Pick<Delivery, 'id' | 'body'>) => {
    const secret = sealedSecret === null ? null : secrets.open(placeOf(webhook), sealedSecret);
    const answer = await outbound.call({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Boucle', ...headersOf({ id, at: clock.now(), body, secret }) },
      body,
    });
    if (answer.method !== 'POST')
      throw new AppError('failed_precondition', 'Its address redirects in a way that loses the message: write the address it leads to', {
        reason: 'message_lost',
      });
    return answer;
  };

  /** One attempt at what is due; null where it is done with, else when it is due again. */
  const attempt = async (webhook: StoredWebhook, delivery: Delivery): Promise<string | null> => {
    const later = (askedMs: number | undefined, message: string): string | null => {
      const wait = waitAfter(delivery.attempts, random(), askedMs);
      log.warn('a webhook was not told', {
        webhook: webhook.id,
        attempts: delivery.attempts,
        isLast: wait === undefined,
        message: secrets.mask(message),
      });
      return wait === undefined ? null : new Date(clock.now().getTime() + wait).toISOString();
    };
    try {
      const judged = judgeAnswer(await post(webhook, delivery), clock.now());
      if (judged.kind === 'later') return later(judged.afterMs, judged.message);
      if (judged.kind === 'never')
        log.warn('a webhook was not told', { webhook: webhook.id, isLast: true, message: secrets.mask(judged.message) });
      return null;
    } catch (error) {
      if (error instanceof AppError && error.code !== 'unavailable') {
        log.warn('a webhook was not told', { webhook: webhook.id, isLast: true, message: secrets.mask(error.message) });
        return null;
      }
      return later(undefined, (error as Error).message);
    }
  };

  /** To one webhook one message after the other. */
  const sending = createLooks({
    clock,
    log,
    complaint: 'messages to a webhook could not be sent',
    look: async (webhookId) => {
      for (;;) {
        const next = await webhookStore(db.read).next(webhookId);
        if (!next) return;
        if (new Date(next.dueAt) > clock.now()) return sending.later(webhookId, new Date(next.dueAt));
        const [webhook, delivery] = [await webhookStore(db.read).byId(webhookId), await db.write((tx) => webhookStore(tx).claim(next.id))];
        if (!delivery) continue;
        const dueAt = webhook?.status === 'active' ? await attempt(webhook, delivery) : null;
        await db.write((tx) => webhookStore(tx).settle(delivery, dueAt));
      }
    },
  });

  /** Whether there may be more. */
  const readNews = async (project: ProjectRef): Promise<boolean> => {
    const position = await webhookStore(db.read).position(project.id);
    if (position === undefined) return false;
    const news = await events.after(project.id, position, pageOfNews);
    if (news.length === 0) return false;
    return db.write(async (tx) => {
      const store = webhookStore(tx);
      if (!(await store.movePosition(project.id, position, news.at(-1)!.seq))) return true;
      const active = await store.active(project);
      const deliveries = news.flatMap((event) => {
        const told = toldOf(event);
        if (!told) return [];
        return active
          .filter(({ topics, createdAt }) => topics.includes(told.topic) && createdAt <= event.at)
          .map(({ id }): Delivery => ({
            id: newId(),
            webhookId: id,
            body: bodyOf(told, { at: event.at, project: project.name }),
            attempts: 0,
            dueAt: event.at,
          }));
      });
      await store.add(deliveries);
      db.afterCommit(() => {
        for (const webhookId of new Set(deliveries.map((one) => one.webhookId))) sending.hint(webhookId);
      });
      return news.length === pageOfNews;
    });
  };
  const known = new Map<string, ProjectRef>();
  const reading = createLooks({
    clock,
    log,
    complaint: 'news for webhooks could not be read',
    look: async (projectId) => {
      while (await readNews(known.get(projectId)!));
    },
  });
  const read = (project: ProjectRef): void => {
    known.set(project.id, project);
    reading.hint(project.id);
  };

  const checked = async <W extends Changes>(webhook: W): Promise<W> => {
    if (webhook.name !== undefined && !namePattern.test(webhook.name))
      throw invalid(
        'A webhook name has 1 to 63 letters, digits, dots, hyphens and underscores, with a letter or digit at both ends',
        'bad_webhook_name',
      );
    if (webhook.topics?.length === 0) throw invalid('Name at least one event that the webhook is told of', 'no_topics');
    if (webhook.url !== undefined) await checkAddress(webhook.url);
    return webhook;
  };
  /** Plain http only to hosts that the settings allow; what leads inside is refused here already, and again at each call. */
  const checkAddress = async (address: string): Promise<void> => {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    const refused = (what: string): AppError => invalid(`${what}: write an address that begins with https://`, 'bad_webhook_url');
    if (address.trim() === '') throw refused('Webhook URL cannot be empty or just whitespace');
    if (!url) throw refused(`Invalid webhook URL ${address.slice(0, 200)}`);
    const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443));
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && outbound.isAllowed(url.hostname, port)))
      throw refused(`Invalid webhook URL scheme of ${address.slice(0, 200)}`);
    try {
      await outbound.wayTo(url.hostname, port);
    } catch (error) {
      // A name that leads nowhere today may lead somewhere tomorrow.
      if (error instanceof AppError && error.reason === 'address_not_allowed')
        throw invalid(`Invalid webhook URL: ${error.message}`, 'bad_webhook_url');
    }
  };

  return {
    create: async (actor: Actor, given: NewWebhook): Promise<Webhook> => {
      const { project } = actor;
      const { name, url, topics, description = '', secret, status = 'active' } = await checked(given);
      const now = clock.now().toISOString();
      const id = newId();
      const sealedSecret = secret === undefined ? null : await secrets.seal(placeOf({ id, projectId: project.id }), secret);
      const webhook: StoredWebhook = {
        id,
        projectId: project.id,
        name,
        url,
        topics: [...new Set(topics)],
        description,
        sealedSecret,
        status,
        createdAt: now,
        updatedAt: now,
      };
      const last = await events.last();
      await db.write(async (tx) => {
        const store = webhookStore(tx);
        const { items } = await store.list(project, { limit: mostPerProject });
        if (items.length >= mostPerProject)
          throw new AppError('failed_precondition', `A project has at most ${mostPerProject} webhooks: remove one first`, {
            reason: 'too_many_webhooks',
          });
        if (items.length === 0) await store.setPosition(project.id, last);
        await store.insert(webhook);
      });
      return shown(webhook);
    },
    get: async (actor: Actor, id: string): Promise<Webhook> => shown(await require(actor, id)),
    list: async ({ project }: Actor, paging: Paging) => {
      const { items, nextCursor } = await webhookStore(db.read).list(project, paging);
      return { items: items.map(shown), nextCursor };
    },
    update: async (actor: Actor, id: string, given: Changes): Promise<Webhook> => {
      const { secret, ...changes } = await checked(given);
      const before = await require(actor, id);
      const said = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      const sealed = secret === undefined ? {} : { sealedSecret: await secrets.seal(placeOf(before), secret) };
      const after: StoredWebhook = { ...before, ...said, ...sealed, updatedAt: clock.now().toISOString() };
      await db.write((tx) => webhookStore(tx).change(after));
      return shown(after);
    },
    remove: async (actor: Actor, id: string): Promise<void> => {
      await require(actor, id);
      await db.write((tx) => webhookStore(tx).remove(id));
    },
    /** One attempt at an example; the answer is what became of it. */
    test: async (actor: Actor, id: string, topic?: Topic): Promise<Tried> => {
      const webhook = await require(actor, id);
      const at = clock.now().toISOString();
      try {
        const body = bodyOf(exampleOf(topic ?? webhook.topics[0]!), { at, project: actor.project.name });
        const answer = await post(webhook, { id: newId(), body });
        return {
          isDelivered: answer.status >= 200 && answer.status < 300,
          status: answer.status,
          body: answer.body.toString('utf8', 0, 10_000),
        };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return { isDelivered: false, error: secrets.mask(error.message) };
      }
    },
    /** A hint that there is news; without it, it is read at the next one or the next start. */
    hear: ({ type }: BoucleEvent, project: ProjectRef): void => {
      if (isTold(type)) read(project);
    },
    start: async (): Promise<void> => {
      const waiting = await db.write((tx) => webhookStore(tx).takeUpAgain());
      const positions = new Set(await webhookStore(db.read).read());
      for (const project of await projects()) if (positions.has(project.id)) read(project);
      for (const webhookId of waiting) sending.hint(webhookId);
    },
    settled: async (): Promise<void> => {
      await reading.settled();
      await sending.settled();
    },
    close: async (): Promise<void> => {
      await reading.close();
      await sending.close();
    },
  };
};
export type Webhooks = ReturnType<typeof createWebhooks>;

const shown = ({ id, name, description, url, topics, status, createdAt, updatedAt }: StoredWebhook): Webhook => ({
  id,
  name,
  description,
  url,
  topics,
  status,
  createdAt,
  updatedAt,
});
