/** A fact as it is read. */
export interface Sentence {
  readonly what: string;
  readonly detail?: string;
  /** What went wrong, in the words of what failed. */
  readonly wrong?: string | undefined;
  readonly digest?: string;
}
