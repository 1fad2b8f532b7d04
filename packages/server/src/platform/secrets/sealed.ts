import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from '@boucle/contract';

/** Whose secret it is. Bound into the seal: a row copied to another project or name does not open. */
export interface SecretPlace {
  readonly project: string;
  readonly name: string;
}

const format = 'boucle.secret/1';
const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const boundTo = ({ project, name }: SecretPlace): Buffer => Buffer.from(JSON.stringify([format, project, name]));

/** AES-256-GCM under a nonce of its own: `boucle.secret/1:` and, in base64, nonce, tag, ciphertext. */
export const seal = (value: string, place: SecretPlace, key: Buffer): string => {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes }).setAAD(boundTo(place));
  const text = Buffer.concat([sealing.update(value, 'utf8'), sealing.final()]);
  return `${format}:${Buffer.concat([nonce, sealing.getAuthTag(), text]).toString('base64')}`;
};

export const unseal = (sealed: string, place: SecretPlace, key: Buffer): string => {
  const [version, text = ''] = sealed.split(':');
  if (version !== format) throw unreadable(place, `it has the format ${version}, which this Boucle does not know`);
  const bytes = Buffer.from(text, 'base64');
  try {
    const opening = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      .setAAD(boundTo(place))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    return Buffer.concat([opening.update(bytes.subarray(nonceBytes + tagBytes)), opening.final()]).toString('utf8');
  } catch (cause) {
    throw unreadable(place, 'it was sealed with another key, or changed', cause);
  }
};

export const unreadable = ({ project, name }: SecretPlace, why: string, cause?: unknown): AppError =>
  new AppError(
    'failed_precondition',
    `Secret ${name} of project ${project} cannot be read: ${why}; bring the key file back from a backup, or set the secret again`,
    {
      reason: 'secret_unreadable',
      details: { project, name },
      cause,
    },
  );
