import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { AppError } from '@boucle/contract';
import { type Files, ensureFolder } from '../files/index.ts';
import { header, scan, seedOf } from './frame.ts';
import { type Segment, addRecord, newSegment } from './segment.ts';

const namePattern = /^\d{10}-\d{8}T\d{9}Z\.segment$/;

/** A sequence number, which gives the order, and the time of the first record, for people. */
export const segmentName = (sequence: number, now: Date): string =>
  `${String(sequence).padStart(10, '0')}-${now.toISOString().replace(/[-:.]/g, '')}.segment`;
export const sequenceOf = (name: string): number => Number(name.slice(0, 10));

/**
 * The segments of a folder, oldest first, indexed by reading them. A torn tail of the last one, which a crash left, is cut off;
 * damage anywhere else stays where it is, is told, and what stands behind it is read.
 */
export const findSegments = async (files: Files, folder: string): Promise<{ segments: Segment[]; tornBytes: number }> => {
  await ensureFolder(files, folder);
  const names = (await files.list(folder)).map(({ name }) => name).filter((name) => namePattern.test(name));
  const found: Segment[] = [];
  for (const name of names.sort()) found.push(await indexed(files, folder, name));
  const last = found.pop();
  for (const segment of found) segment.sealed = true;
  if (!last) return { segments: [], tornBytes: 0 };
  const file = path.join(folder, last.name);
  const tornBytes = last.damage.get(last.end)?.bytes ?? 0;
  // Nothing of a segment is answered before its header is durable: this one held nothing.
  if (last.records === 0) await files.unlink(file);
  else await endAtLastRecord(files, file, last);
  await files.syncFolder(folder);
  return { segments: last.records === 0 ? found : [...found, last], tornBytes };
};

const indexed = async (files: Files, folder: string, name: string): Promise<Segment> => {
  const bytes = await buffer(files.read(path.join(folder, name)));
  const isWhole = bytes.subarray(0, header.length).equals(header);
  if (!isWhole && /^boucle\.segment\/\d+\n/.test(bytes.toString('latin1', 0, 32))) throw fromTheFuture(name);
  const segment = newSegment(name, header.length);
  const { frames, gaps, end } = scan(bytes.subarray(header.length), seedOf(name));
  for (const frame of frames) addRecord(segment, { offset: header.length + frame.offset, end: header.length + frame.end }, frame.key);
  for (const { offset, bytes: size } of gaps) segment.damage.set(header.length + offset, { offset: header.length + offset, bytes: size });
  const torn = bytes.length - header.length - end;
  if (torn > 0) segment.damage.set(segment.end, { offset: segment.end, bytes: torn });
  segment.synced = segment.end;
  if (!isWhole) segment.damage.set(0, { offset: 0, bytes: header.length });
  return segment;
};

/** Also what is whole is synced: whoever wrote it may have died before that. */
const endAtLastRecord = async (files: Files, name: string, segment: Segment): Promise<void> => {
  const file = await files.open(name);
  try {
    if (segment.damage.delete(segment.end)) await file.truncate(segment.end);
    await file.sync();
  } finally {
    await file.close();
  }
};

const fromTheFuture = (name: string): AppError =>
  new AppError('failed_precondition', `Segment ${name} was written by a newer Boucle: start that version, or a later one, on this data`, {
    reason: 'newer_format',
    details: { segment: name },
  });
