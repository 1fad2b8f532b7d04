export interface Score {
  readonly label: string;
  readonly score: number;
}

/** Labels with what the model gives each, the highest first; none where its outputs hold no number for each label. */
export const scoresOf = (outputs: unknown, labels: readonly string[]): readonly Score[] => {
  if (labels.length === 0 || typeof outputs !== 'object' || outputs === null) return [];
  const row = Object.values(outputs).find(
    (value): value is number[] => Array.isArray(value) && value.length === labels.length && value.every((one) => typeof one === 'number'),
  );
  return (row ?? []).map((score, i) => ({ label: labels[i]!, score })).sort((a, b) => b.score - a.score);
};

const shownScores = 6;
/** As many as are read at a glance; the rest is little. */
export const shownOf = (scores: readonly Score[]): readonly Score[] => scores.slice(0, shownScores);

/** What was answered, in a word: the label or the number. */
export const answerOf = (outputs: unknown): string | null => {
  if (typeof outputs !== 'object' || outputs === null) return null;
  const row = outputs as Record<string, unknown>;
  const first = row['label'] ?? row['value'] ?? Object.values(row)[0];
  return first === undefined || first === null ? null : typeof first === 'string' ? first : JSON.stringify(first);
};
