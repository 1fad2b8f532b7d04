import { randomBytes } from 'node:crypto';

let lastTime = 0;
let counter = 0;

/** UUIDv7 without hyphens (RFC 9562, 6.2 method 1): ordered by time, and within a millisecond of one process by a 12-bit counter. */
export const newId = (now = Date.now()): string => {
  if (now > lastTime) {
    lastTime = now;
    counter = randomBytes(1)[0]!;
  } else if (++counter > 0xfff) {
    lastTime++;
    counter = 0;
  }
  const time = lastTime.toString(16).padStart(12, '0');
  const random = randomBytes(8);
  random[0] = (random[0]! & 0x3f) | 0x80;
  return `${time}7${counter.toString(16).padStart(3, '0')}${random.toString('hex')}`;
};
