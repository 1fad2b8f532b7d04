import { isIP } from 'node:net';
import { AppError } from '@boucle/contract';
import type { Outbound } from '../platform/outbound/index.ts';
import type { Attempted } from './attempt.ts';

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same for every attempt at the same message. */
  readonly messageId: string;
}

/** `a@b` or `Name <a@b>`: one address, and nothing that could begin another header or receiver. */
const address =
  /^(?:[^\u0000-\u001f\u007f<>@,;:"\\]{0,200}<[^\s\u0000-\u001f<>@,;:"\\()[\]]{1,64}@[A-Za-z0-9.-]{1,253}>|[^\s\u0000-\u001f<>@,;:"\\()[\]]{1,64}@[A-Za-z0-9.-]{1,253})$/;
export const isMailAddress = (text: string): boolean => address.test(text);

const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000, dnsTimeout: 10_000 };

/** Hands a mail to a server of SMTP, whose address is checked as that of any other call. A password never travels in the clear. */
export const sendMail = async (server: string, mail: Mail, outbound: Outbound): Promise<Attempted> => {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (!url || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '')
    return { kind: 'never', message: 'The server of the channel is no address of mail: write smtp://user:password@host:587 or smtps://…' };
  const bad = [mail.from, ...mail.to].find((one) => !isMailAddress(one));
  if (bad !== undefined)
    return { kind: 'never', message: `${JSON.stringify(bad)} is no address of mail: write one, as in name@example.com` };

  const secure = url.protocol === 'smtps:';
  const way = await outbound.wayTo(url.hostname, url.port === '' ? (secure ? 465 : 587) : Number(url.port));
  const hasUser = url.username !== '';
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host: way.addresses[0]!.address,
    port: way.port,
    secure,
    requireTLS: hasUser,
    tls: { ...(isIP(way.host) === 0 && { servername: way.host }), ...(outbound.ca !== undefined && { ca: outbound.ca }) },
    ...(hasUser && { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    disableFileAccess: true,
    disableUrlAccess: true,
    ...timeouts,
  });
  try {
    const { rejected } = await transport.sendMail({ ...mail, to: [...mail.to] });
    if (rejected.length === 0) return { kind: 'sent' };
    return { kind: 'never', message: `${way.host} takes no mail for ${rejected.join(', ')}; the others have it` };
  } catch (error) {
    return judgeMailError(error as MailError, way.host);
  } finally {
    transport.close();
  }
};

interface MailError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
}
/** Replies of 4xx pass, those of 5xx stay (RFC 5321, section 4.2.1). */
const judgeMailError = (error: MailError, host: string): Attempted => {
  const { code, responseCode = 0, message } = error;
  if (error instanceof AppError) throw error;
  if (code === 'ETLS')
    return {
      kind: 'never',
      message: `${host} refuses to encrypt, so the password was not sent: use smtps://, or a server with STARTTLS (${message})`,
    };
  if (responseCode >= 500) {
    const what = code === 'EAUTH' ? 'refuses the user or the password' : 'refuses the mail';
    return { kind: 'never', message: `${host} ${what}: ${message}` };
  }
  return { kind: 'later', message: `${host}: ${message}` };
};
