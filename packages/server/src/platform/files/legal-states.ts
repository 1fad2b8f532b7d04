import {
  type Change,
  type FileNode,
  type FileTree,
  type FolderNode,
  type Recording,
  type TwinNode,
  overwritten,
  resized,
} from './recording.ts';
import { type Fate, fatesOf, landed, someFate } from './fate.ts';

export interface LegalState {
  /** The power failed when so many steps of the recording had begun. */
  readonly at: number;
  readonly tree: FileTree;
}
export interface LegalStatesOptions {
  /** A moment with no more states than this has every one built; of one with more, so many are drawn. */
  perMoment?: number;
  seed?: number;
}

/**
 * What the disk may hold after a power cut at any moment of the recording. The model is as weak as POSIX, weaker than any
 * one file system (after ALICE: Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014):
 * - what a finished sync covers is there; any other change may be there or not, each for itself, whatever came before or after;
 * - a write may have landed in part: up to any byte, any of its 512-byte sectors, or only as growth of the file, with zeros or
 *   old rubbish where its bytes belong;
 * - syncing a file does not keep its name, only syncing its folder does; a rename may leave both names, or none.
 * Not in the model: what was synced going bad later, and disks that lie about a sync.
 */
export const legalStates = function* (recording: Recording, { perMoment = 64, seed = 1 }: LegalStatesOptions = {}): Generator<LegalState> {
  const random = randomFrom(seed);
  for (let at = recording.begun; at <= recording.steps.length; at += 1) {
    const { settled, rest, open } = momentAt(recording, at);
    const base = carriedOut(emptyDisk, settled, new Map());
    const state = (fates: readonly Fate[]): LegalState => {
      const fateOf = new Map(open.map((change, i) => [change, fates[i] ?? 'lost']));
      return { at, tree: treeOf(recording.root, carriedOut(base, rest, fateOf)) };
    };
    if (mayBeFew(open, perMoment)) {
      const all = open.map(fatesOf);
      if (all.reduce((product, fates) => product * fates.length, 1) <= perMoment) {
        for (const fates of combinations(all)) yield state(fates);
        continue;
      }
    }
    yield state(open.map(() => 'lost'));
    yield state(open.map(() => 'kept'));
    for (let drawn = 2; drawn < perMoment; drawn += 1) yield state(open.map((change) => someFate(change, random)));
  }
};

/** `settled` are the first changes that all are certain, `rest` those after them, `open` what of the rest no sync covers. */
const momentAt = ({ steps }: Recording, at: number): { settled: Change[]; rest: Change[]; open: Change[] } => {
  const past = steps.slice(0, at);
  const certain = new Set(past.flatMap((step) => (step.kind === 'sync' ? [...step.covers] : [])));
  const changes = past.filter((step) => step.kind !== 'sync');
  const firstOpen = changes.findIndex((change) => !certain.has(change));
  const cut = firstOpen === -1 ? changes.length : firstOpen;
  return { settled: changes.slice(0, cut), rest: changes.slice(cut), open: changes.filter((change) => !certain.has(change)) };
};

/** Saves listing what will be drawn from: a write has more fates than bytes. */
const mayBeFew = (open: readonly Change[], limit: number): boolean =>
  2 ** open.length <= limit && open.every((change) => change.kind !== 'write' || change.bytes.length <= limit);

interface Disk {
  readonly bytes: ReadonlyMap<FileNode, Uint8Array>;
  readonly names: ReadonlyMap<FolderNode, ReadonlyMap<string, TwinNode>>;
}
const emptyDisk: Disk = { bytes: new Map(), names: new Map() };

const carriedOut = (disk: Disk, changes: readonly Change[], fateOf: ReadonlyMap<Change, Fate>): Disk => {
  const bytes = new Map(disk.bytes);
  const names = new Map([...disk.names].map(([folder, entries]) => [folder, new Map(entries)]));
  for (const change of changes) {
    const fate = fateOf.get(change) ?? 'kept';
    if (fate === 'lost') continue;
    if (change.kind === 'link' || change.kind === 'unlink') {
      const entries = names.get(change.node) ?? new Map<string, TwinNode>();
      names.set(change.node, entries);
      if (change.kind === 'link') entries.set(change.name, change.target);
      else entries.delete(change.name);
      continue;
    }
    const old = bytes.get(change.node) ?? new Uint8Array();
    if (change.kind === 'truncate') bytes.set(change.node, resized(old, change.size));
    else bytes.set(change.node, overwritten(old, change.at, landed(change, old, fate)));
  }
  return { bytes, names };
};

const treeOf = (root: FolderNode, disk: Disk): FileTree => {
  const folders = new Set<string>();
  const files = new Map<string, Uint8Array>();
  const walk = (folder: FolderNode, prefix: string): void => {
    for (const [name, node] of disk.names.get(folder) ?? []) {
      if (node.kind === 'file') files.set(prefix + name, disk.bytes.get(node) ?? new Uint8Array());
      else {
        folders.add(prefix + name);
        walk(node, `${prefix}${name}/`);
      }
    }
  };
  walk(root, '');
  return { folders, files };
};

const combinations = function* (lists: readonly (readonly Fate[])[]): Generator<Fate[]> {
  const [first, ...others] = lists;
  if (!first) yield [];
  else for (const rest of combinations(others)) for (const fate of first) yield [fate, ...rest];
};

/** Mulberry32: small, and the same everywhere. */
const randomFrom = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};
