/** A chunk of so many points is full: it is never touched again, so a reader may find it first and open it later. */
export const fullChunk = 4096;
const fanIn = 16;

interface Sized {
  readonly id: string;
  readonly points: number;
}

/**
 * Which of a series' chunks become one: once a tier (up to 16 points, up to 256, up to a full chunk) has 16 of them, or points for a full
 * one, they and all smaller ones. So a point is written again a few times at most, no merge is long, and a series keeps a few dozen chunks
 * beside the full ones.
 */
export const chunksToMerge = (chunks: readonly Sized[]): string[] => {
  const merging = chunks.filter(({ points }) => points < fullChunk);
  const isCrowded = (tier: number): boolean => {
    const level = merging.filter((chunk) => tierOf(chunk) === tier);
    return level.length >= fanIn || level.reduce((sum, { points }) => sum + points, 0) >= fullChunk;
  };
  const crowded = [2, 1, 0].find(isCrowded);
  return crowded === undefined ? [] : merging.filter((chunk) => tierOf(chunk) <= crowded).map(({ id }) => id);
};
const tierOf = ({ points }: Sized): number => (points < fanIn ? 0 : points < fanIn ** 2 ? 1 : 2);
