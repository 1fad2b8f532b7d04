import type { DeclaredChannel } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import { type Clock, createLooks, type Db, type Events, type Log } from '../platform/index.ts';
import { type Attempted, decide } from './attempt.ts';
import type { Deliver } from './deliver.ts';
import { type Delivery, notificationStore } from './notification-store.ts';

export interface SenderParts {
  readonly db: Db;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  readonly deliver: Deliver;
  /** The channel of the manifest in force. */
  readonly channelOf: (project: ProjectRef, name: string) => Promise<DeclaredChannel | undefined>;
  /** Takes values of secrets out of a text. */
  readonly mask: (text: string) => string;
  readonly random: () => number;
}

/** As many channels are served at once; each of them one message after the other. */
const atOnce = 8;
const lookAhead = 500;

/**
 * Sends what waits in the database, at its time. A message is claimed before it is sent, and what became of it is written
 * after: killed between the two, it is sent once more, and never again without need.
 */
export const createSender = ({ db, events, clock, log, deliver, channelOf, mask, random }: SenderParts) => {
  /** Channels with a message on its way. */
  const busy = new Map<string, Promise<void>>();
  /** Before the start nothing is sent. */
  let isClosed = true;
  let forget = (): void => {};

  const attempt = async (delivery: Delivery): Promise<Attempted> => {
    const { id, project, channel: name, attempts, news } = delivery;
    try {
      const channel = await channelOf(project, name);
      if (!channel) return { kind: 'never', message: `The manifest in force has no channel "${name}" any more` };
      return await deliver({ project, channel, key: id, attempt: attempts, news, now: clock.now() });
    } catch (error) {
      log.error('a notification could not be sent', { notification: id, channel: name, error });
      return { kind: 'later', message: 'A fault of the server: its log says more' };
    }
  };
  const settle = async (delivery: Delivery, attempted: Attempted): Promise<void> => {
    const { id, project, channel, attempts, news, correlationId } = delivery;
    const now = clock.now();
    const next =
      news.about === 'test' && attempted.kind === 'later' ? ({ status: 'failed' } as const) : decide(attempted, attempts, random());
    const lastError = attempted.kind === 'sent' ? null : mask(attempted.message).slice(0, 2000);
    const about = { project, subject: { type: 'notification', id }, actor: 'system', correlationId };
    const told = { channel, alertId: news.alertId, attempts };
    if (lastError !== null) log.warn('a notification was not delivered', { channel, attempts, next: next.status, message: lastError });
    await db.write(async (tx) => {
      const isWaiting = next.status === 'waiting';
      const isOurs = await notificationStore(tx).settle(delivery, {
        status: next.status,
        dueAt: isWaiting ? new Date(now.getTime() + next.afterMs).toISOString() : null,
        lastError,
        endedAt: isWaiting ? null : now.toISOString(),
      });
      if (!isOurs || isWaiting) return;
      if (next.status === 'sent') await events.record(tx, { ...about, type: 'notification.sent', data: told });
      else await events.record(tx, { ...about, type: 'notification.failed', data: { ...told, message: lastError ?? '' } });
    });
  };
  const carryOut = async (id: string): Promise<void> => {
    const delivery = await db.write((tx) => notificationStore(tx).claim(id));
    if (delivery) await settle(delivery, await attempt(delivery));
  };

  const look = async (): Promise<void> => {
    const waiting = await notificationStore(db.read).waiting(lookAhead);
    const now = clock.now().getTime();
    forget();
    const next = waiting.find(({ dueAt }) => Date.parse(dueAt) > now);
    if (next) forget = clock.at(new Date(next.dueAt), wake);
    for (const { id, channel, projectId, dueAt } of waiting) {
      const key = `${projectId}/${channel}`;
      if (isClosed || busy.size >= atOnce || Date.parse(dueAt) > now) break;
      if (busy.has(key)) continue;
      const sending = carryOut(id)
        .catch((error: unknown) => log.error('a notification could not be recorded', { notification: id, error }))
        .finally(() => {
          busy.delete(key);
          wake();
        });
      busy.set(key, sending);
    }
  };
  const looks = createLooks({ clock, log, look, retryMs: 2000, complaint: 'notifications could not be read' });
  const wake = (): void => {
    if (!isClosed) looks.hint('notifications');
  };
  /** Resolves when nothing is on its way, and nothing is due. */
  const settled = async (): Promise<void> => {
    do await Promise.all([looks.settled(), ...busy.values()]);
    while (busy.size > 0);
    await looks.settled();
  };

  return {
    wake,
    attemptNow: async (delivery: Delivery): Promise<void> => settle(delivery, await attempt(delivery)),
    settled,
    /** Takes up what the last server left, whatever it was about to do. */
    start: async (): Promise<void> => {
      await db.write((tx) => notificationStore(tx).takeUpAgain(clock.now().toISOString()));
      isClosed = false;
      wake();
    },
    close: async (): Promise<void> => {
      isClosed = true;
      forget();
      await settled();
      await looks.close();
    },
  };
};
