import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { AppError } from '@boucle/contract';

/** 32 MiB and some 80 ms for each guess. */
const cost = { N: 2 ** 15, r: 8, p: 1 };
const saltBytes = 16;
const keyBytes = 32;
/** Each holds a thread that files are read with, too. */
const atOnce = 2;
const mostWaiting = 100;

/** `scrypt:N:r:p:salt:key`; the parameters stand in it, so that dearer ones may come later. */
export const verifierOf = async (password: string): Promise<string> => {
  const salt = randomBytes(saltBytes);
  const key = await derive(password, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), key.toString('base64')].join(':');
};

export const isPassword = async (password: string, verifier: string): Promise<boolean> => {
  const [, N, r, p, salt = '', key = ''] = verifier.split(':');
  const expected = Buffer.from(key, 'base64');
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64'), { N: Number(N), r: Number(r), p: Number(p) }), expected);
};

/** Nobody's: of a name that is not there it is asked as long as of one that is. */
export const nobodysVerifier = [
  'scrypt',
  cost.N,
  cost.r,
  cost.p,
  Buffer.alloc(saltBytes).toString('base64'),
  Buffer.alloc(keyBytes).toString('base64'),
].join(':');

let busy = 0;
const waiting: (() => void)[] = [];

const derive = async (password: string, salt: Buffer, { N, r, p }: typeof cost): Promise<Buffer> => {
  if (busy < atOnce) busy += 1;
  else if (waiting.length < mostWaiting) await new Promise<void>((resolve) => waiting.push(resolve));
  else
    throw new AppError('rate_limited', 'Too many passwords are being checked: try again in a few seconds', { reason: 'too_many_logins' });
  try {
    return await new Promise((resolve, reject) => {
      const done = (error: Error | null, key: Buffer): void => (error ? reject(error) : resolve(key));
      scrypt(password.normalize('NFC'), salt, keyBytes, { N, r, p, maxmem: 256 * N * r }, done);
    });
  } finally {
    // Who waited takes the place over.
    const next = waiting.shift();
    if (next) next();
    else busy -= 1;
  }
};
