import { type Files, onStorage } from '../files/index.ts';

interface Writing<T> {
  readonly files: Files;
  readonly source: AsyncIterable<Uint8Array>;
  /** A name in the same file system as the last one. */
  readonly temporary: string;
  readonly durable: boolean;
  /** For the words of a failure. */
  readonly folder: string;
  /** Gives the file its name. */
  readonly finish: () => Promise<T>;
}

/** A whole file or none: what was begun goes when the source, the disk or `finish` fails. */
export const writeWhole = async <T>({ files, source, temporary, durable, folder, finish }: Writing<T>): Promise<T> => {
  const onDisk = <R>(work: () => Promise<R>): Promise<R> => onStorage(folder, work);
  const file = await onDisk(() => files.create(temporary));
  try {
    let at = 0;
    try {
      // The source's own failures are told as they are.
      for await (const chunk of source) {
        await onDisk(() => file.write(chunk, at));
        at += chunk.length;
      }
      if (durable) await onDisk(() => file.sync());
    } finally {
      await file.close();
    }
    return await onDisk(finish);
  } catch (error) {
    await files.unlink(temporary).catch(() => {}); // The first failure is the one to tell; the next opening clears up.
    throw error;
  }
};
