/** A place on the command line, and what may follow there. */
export interface Place {
  /** The words so far: `` at the start, then such as ` runs list`. */
  readonly at: string;
  readonly next: readonly Suggestion[];
}
export interface Suggestion {
  readonly word: string;
  readonly about: string;
}

/** A command as far as completion looks at one; commander's are such. */
export interface CommandLike {
  readonly commands: readonly CommandLike[];
  readonly options: readonly { readonly long?: string | null; readonly description: string; readonly hidden: boolean }[];
  name(): string;
  description(): string;
}

/** All places of a program, each with its commands and options. The global options may stand anywhere. */
export const placesOf = (program: CommandLike): Place[] => {
  const everywhere = [...optionsOf(program), { word: '--help', about: 'Print help' }];
  const below = (command: CommandLike, at: string): Place[] => [
    {
      at,
      next: [
        ...command.commands.map((sub) => ({ word: sub.name(), about: sub.description() })),
        ...(command === program ? [] : optionsOf(command)),
        ...everywhere,
      ],
    },
    ...command.commands.flatMap((sub) => below(sub, `${at} ${sub.name()}`)),
  ];
  return below(program, '');
};

const optionsOf = ({ options }: CommandLike): Suggestion[] =>
  options.flatMap(({ long, description, hidden }) => (long && !hidden ? [{ word: long, about: description }] : []));
