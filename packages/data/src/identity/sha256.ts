import { hash } from 'node:crypto';

/** In one call, since most inputs are a few hundred bytes. */
export const sha256 = (bytes: Uint8Array | string): Buffer => hash('sha256', bytes, 'buffer');
