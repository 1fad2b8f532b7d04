/** What became of one attempt to deliver. */
export type Attempted =
  | { readonly kind: 'sent' }
  /** Worth another try; the receiver may have said when. */
  | { readonly kind: 'later'; readonly message: string; readonly afterMs?: number | undefined }
  | { readonly kind: 'never'; readonly message: string };

export const maxAttempts = 20;
const firstWaitMs = 5_000;
const longestWaitMs = 3_600_000;
/** Longer than this nobody is waited for, whatever they say. */
const longestAskedMs = 24 * 3_600_000;

export type Next = { readonly status: 'sent' | 'failed' } | { readonly status: 'waiting'; readonly afterMs: number };

/**
 * What follows an attempt. Waits double from 5 s to an hour, with the half of each left to chance, so that what failed
 * together does not come back together; twenty attempts take between five and ten hours.
 */
export const decide = (attempted: Attempted, attempts: number, random: number): Next => {
  if (attempted.kind === 'sent') return { status: 'sent' };
  if (attempted.kind === 'never' || attempts >= maxAttempts) return { status: 'failed' };
  const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(attempts - 1, 30)) * (0.5 + random / 2);
  return { status: 'waiting', afterMs: Math.round(Math.max(wait, Math.min(attempted.afterMs ?? 0, longestAskedMs))) };
};

/** What an answer of HTTP means for a message: its status, and when to come back (RFC 9110, section 10.2.3). */
export const judgeAnswer = (
  { status, headers, body }: { status: number; headers: Readonly<Record<string, string | undefined>>; body: Buffer },
  now: Date,
): Attempted => {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  const said = body.toString('utf8', 0, 300).replace(/\s+/g, ' ').trim();
  const message = `It answered ${status}${said === '' ? '' : `: ${said}`}`;
  if (status === 408 || status === 429 || status >= 500)
    return { kind: 'later', message, afterMs: retryAfterMs(headers['retry-after'], now) };
  return { kind: 'never', message };
};
const retryAfterMs = (said: string | undefined, now: Date): number | undefined => {
  if (said === undefined) return undefined;
  if (/^\d{1,9}$/.test(said)) return Number(said) * 1000;
  const at = Date.parse(said);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
};
