import type { Change } from './recording.ts';

type Write = Extract<Change, { kind: 'write' }>;
/** What became of a change that no sync covers. `upTo`: its first bytes, and zeros behind them if the file `grew`. `sectors`: those whose bit is set. */
export type Fate =
  | 'lost'
  | 'kept'
  | { readonly upTo: number; readonly grew: boolean }
  | { readonly sectors: number; readonly fill: 'zeros' | 'rubbish' };

const sectorBytes = 512;
/** A write over more sectors than this repeats its pattern. */
const sectorBits = 16;
const patternsOf = (write: Write): number => 2 ** Math.min(sectorBits, Math.ceil(write.bytes.length / sectorBytes));

/** All that can become of it. */
export const fatesOf = (change: Change): Fate[] => {
  if (change.kind !== 'write') return ['lost', 'kept'];
  const cuts = Array.from({ length: Math.max(0, change.bytes.length - 1) }, (_, i) => i + 1);
  const patterns = Array.from({ length: patternsOf(change) - 1 }, (_, sectors) => sectors);
  return [
    'lost',
    'kept',
    ...cuts.flatMap((upTo): Fate[] => [
      { upTo, grew: false },
      { upTo, grew: true },
    ]),
    ...patterns.flatMap((sectors): Fate[] => [
      { sectors, fill: 'zeros' },
      { sectors, fill: 'rubbish' },
    ]),
  ];
};

export const someFate = (change: Change, random: () => number): Fate => {
  const below = (limit: number): number => Math.floor(random() * limit);
  const way = below(change.kind === 'write' ? 4 : 2);
  if (way === 0) return 'lost';
  if (way === 1 || change.kind !== 'write') return 'kept';
  if (way === 2) return { upTo: below(change.bytes.length), grew: random() < 0.5 };
  return { sectors: below(patternsOf(change)), fill: random() < 0.5 ? 'zeros' : 'rubbish' };
};

/** The bytes that stand where the write was to go; `old` is the file before it. */
export const landed = (write: Write, old: Uint8Array, fate: Exclude<Fate, 'lost'>): Uint8Array => {
  if (fate === 'kept') return write.bytes;
  if ('upTo' in fate && !fate.grew) return write.bytes.subarray(0, fate.upTo);
  const has = (i: number): boolean =>
    'upTo' in fate ? i < fate.upTo : (fate.sectors & (1 << (Math.floor((write.at + i) / sectorBytes) % sectorBits))) !== 0;
  const fill = (i: number): number => ('fill' in fate && fate.fill === 'rubbish' ? (i * 167 + 13) & 0xff : 0);
  return write.bytes.map((byte, i) => (has(i) ? byte : (old[write.at + i] ?? fill(i))));
};
