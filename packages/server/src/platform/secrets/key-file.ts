import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@boucle/contract';
import { diskFiles, hasCode, onStorage } from '../files/index.ts';

const keyBytes = 32;

/** The key that seals secrets, if it was ever needed. Whoever else may read it may read the secrets: that is refused. */
export const readKey = async (file: string): Promise<Buffer | undefined> => {
  try {
    const { mode } = await stat(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw openKey(file);
    const key = await readFile(file);
    if (key.length !== keyBytes) throw damagedKey(file);
    return key;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
};

/** The key, made where there is none; durable before anything is sealed with it. */
export const ensureKey = async (file: string): Promise<Buffer> =>
  (await readKey(file)) ?? onStorage(path.dirname(file), () => makeKey(file));

const makeKey = async (file: string): Promise<Buffer> => {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(randomBytes(keyBytes));
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    // A link, not a rename: it replaces no key that somebody else made meanwhile.
    await link(temporary, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(temporary);
  }
  await diskFiles.syncFolder(path.dirname(file));
  const key = await readKey(file);
  if (!key) throw damagedKey(file);
  return key;
};

const openKey = (file: string): AppError =>
  new AppError('failed_precondition', `Others may read the key of the secrets: chmod 600 ${file}, and change the secrets if they did`, {
    reason: 'key_file_open',
    details: { file },
  });
const damagedKey = (file: string): AppError =>
  new AppError(
    'failed_precondition',
    `${file} is no key of ${keyBytes} bytes: bring it back from a backup, or remove it and set the secrets again`,
    {
      reason: 'key_file_damaged',
      details: { file },
    },
  );
