import { type AlertNews, AppError, type DeclaredChannel } from '@boucle/contract';
import type { ProjectRef } from '../governance/index.ts';
import type { Outbound } from '../platform/outbound/index.ts';
import { type Attempted, judgeAnswer } from './attempt.ts';
import { mailBody } from './mail-body.ts';
import { sendMail } from './send-mail.ts';
import { slackBody } from './slack.ts';
import { webhookBody } from './webhook.ts';

export interface DeliverParts {
  readonly outbound: Outbound;
  /** A secret's value, asked for anew each time, so that a changed one counts at once. */
  readonly secretOf: (project: ProjectRef, name: string) => Promise<string>;
  /** Where people reach the server; links begin with it. */
  readonly publicUrl: string | undefined;
}
export interface Message {
  readonly project: ProjectRef;
  readonly channel: DeclaredChannel;
  /** The same for every attempt: by it a receiver knows what it has already. */
  readonly key: string;
  readonly attempt: number;
  readonly news: AlertNews;
  readonly now: Date;
}

/** One attempt at one message, over its channel's wire. What is wrong with the channel is told, never thrown. */
export const createDeliver = ({ outbound, secretOf, publicUrl }: DeliverParts) => {
  const links = { linkTo: (path: string) => `${publicUrl ?? ''}${path}`, hasLinks: publicUrl !== undefined };
  const valueOf = async (project: ProjectRef, value: string | { secret: string }): Promise<string> =>
    typeof value === 'string' ? value : secretOf(project, value.secret);

  const post = async (message: Message, url: string, body: object, authorization?: string): Promise<Attempted> => {
    const { key, attempt, now } = message;
    const answer = await outbound.call({
      url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Boucle',
        'idempotency-key': key,
        'boucle-attempt': String(attempt),
      },
      ...(authorization !== undefined && { secretHeaders: { authorization } }),
      body: JSON.stringify(body),
    });
    if (answer.method !== 'POST')
      return { kind: 'never', message: 'Its address redirects in a way that loses the message: write the address it leads to' };
    return judgeAnswer(answer, now);
  };

  const send = async (message: Message): Promise<Attempted> => {
    const { project, channel, news, key } = message;
    if (channel.kind === 'mail') {
      const server = await valueOf(project, channel.server);
      const domain = /@([A-Za-z0-9.-]+)>?$/.exec(channel.from)?.[1] ?? 'boucle';
      return sendMail(server, { from: channel.from, to: channel.to, ...mailBody(news, links), messageId: `<${key}@${domain}>` }, outbound);
    }
    const url = await valueOf(project, channel.url);
    if (channel.kind === 'slack') return post(message, url, slackBody(news, links));
    const authorization = channel.authorization && (await valueOf(project, channel.authorization));
    return post(message, url, webhookBody(news, { channel: channel.name, linkTo: links.linkTo }), authorization);
  };

  return async (message: Message): Promise<Attempted> => {
    try {
      return await send(message);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { kind: error.code === 'unavailable' ? 'later' : 'never', message: error.message };
    }
  };
};
export type Deliver = ReturnType<typeof createDeliver>;
