import type { Command } from 'commander';
import type { Context } from './context.ts';

/** Gives a command its arguments, options and action. */
export type Verb = (command: Command, context: Context) => void;

/** One line of `boucle --help`. What it does is loaded when it is called, so that help and small commands are quick. */
export interface Entry {
  readonly words: string;
  readonly about: string;
  readonly load: () => Promise<Verb>;
}

/** Commands under one heading of `boucle --help`. */
export interface Group {
  readonly heading: string;
  /** What each noun is about, for `boucle --help`. */
  readonly about?: Readonly<Record<string, string>>;
  readonly entries: readonly Entry[];
}
