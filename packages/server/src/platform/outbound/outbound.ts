import { AppError, invalid } from '@boucle/contract';
import { type AllowedCall, isAllowed, plainHost } from './allowed-calls.ts';
import { askDns, findWay, type Resolve, type Way } from './find-way.ts';
import { type Answer, type Asked, callOnce, type Limits } from './one-call.ts';

export interface OutboundParts {
  /** Hosts that may be called although their addresses are not public. */
  readonly allowCalls?: readonly AllowedCall[];
  readonly limits?: Partial<Limits>;
  readonly resolve?: Resolve;
  /** Certificates of authorities to trust in place of Node's. */
  readonly ca?: string;
}
export interface Call {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers that only the host in `url` may read. */
  readonly secretHeaders?: Readonly<Record<string, string>>;
  readonly body?: string;
}
export interface CallAnswer extends Answer {
  /** What reached the last address: a redirect may have made it a GET, which carries no body. */
  readonly method: string;
}

const maxRedirects = 3;
const redirects = new Set([301, 302, 303, 307, 308]);
const defaultLimits: Limits = { connectMs: 10_000, totalMs: 30_000, answerBytes: 1024 * 1024 };

/** The one way out of the server. No call reaches a private address unless the settings list its host. */
export const createOutbound = ({ allowCalls = [], limits: given, resolve = askDns, ca }: OutboundParts = {}) => {
  const limits = { ...defaultLimits, ...given };
  const wayTo = (host: string, port: number): Promise<Way> =>
    findWay(host, port, { allowed: allowCalls, resolve, connectMs: limits.connectMs });

  return {
    /** Follows redirects, each checked as the first address is; answers of any status come back. */
    call: async ({ url: address, method = 'GET', headers = {}, secretHeaders = {}, body }: Call): Promise<CallAnswer> => {
      const first = withoutUser(parse(address));
      const signal = AbortSignal.timeout(limits.totalMs);
      let asked: Asked = { url: first.url, method, headers: { ...headers, ...first.headers, ...secretHeaders }, body };
      for (let redirected = 0; ; redirected += 1) {
        const way = await wayTo(asked.url.hostname, portOf(asked.url));
        const answer = await callOnce(asked, { way, limits, signal, ca });
        const location = redirects.has(answer.status) ? answer.headers['location'] : undefined;
        if (location === undefined) return { ...answer, method: asked.method };
        if (redirected === maxRedirects)
          throw refusedRedirect(asked.url, `redirects more than ${maxRedirects} times`, 'too_many_redirects');
        asked = follow(asked, location, { status: answer.status, open: headers, first: first.url });
      }
    },
    /** For connections that are not HTTP: where the host may be reached, or the refusal. */
    wayTo,
    /** Whether the settings list it. */
    isAllowed: (host: string, port: number): boolean => isAllowed(allowCalls, host, port),
    ca,
  };
};
export type Outbound = ReturnType<typeof createOutbound>;

const parse = (address: string): URL => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw invalid('This is no address that can be called: write https://host/path', 'bad_address');
  return url;
};
/** A name and password in an address become a header, which does not travel on to other hosts. */
const withoutUser = (given: URL): { url: URL; headers: Record<string, string> } => {
  if (given.username === '' && given.password === '') return { url: given, headers: {} };
  const url = new URL(given);
  const user = `${decodeURIComponent(given.username)}:${decodeURIComponent(given.password)}`;
  url.username = '';
  url.password = '';
  return { url, headers: { authorization: `Basic ${Buffer.from(user).toString('base64')}` } };
};
const portOf = ({ protocol, port }: URL): number => (port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port));

interface Redirect {
  readonly status: number;
  /** Headers that any host may read. */
  readonly open: Readonly<Record<string, string>>;
  readonly first: URL;
}
const follow = (asked: Asked, location: string, { status, open, first }: Redirect): Asked => {
  if (!URL.canParse(location, asked.url.href)) throw refusedRedirect(asked.url, 'redirects to what is no address', 'bad_redirect');
  const url = new URL(location, asked.url.href);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refusedRedirect(asked.url, `redirects to ${url.protocol}`, 'bad_redirect');
  if (asked.url.protocol === 'https:' && url.protocol === 'http:')
    throw refusedRedirect(asked.url, 'redirects from https to http', 'redirect_downgrade');
  url.username = '';
  url.password = '';
  const isSame = url.origin === first.origin;
  const keeps = status === 307 || status === 308;
  return {
    url,
    method: keeps || asked.method === 'GET' ? asked.method : 'GET',
    headers: isSame ? asked.headers : { ...open },
    body: keeps ? asked.body : undefined,
  };
};
const refusedRedirect = (url: URL, what: string, reason: string): AppError =>
  new AppError('failed_precondition', `${plainHost(url.hostname)} ${what}, which is not followed: write the address it leads to`, {
    reason,
    details: { host: url.hostname },
  });
