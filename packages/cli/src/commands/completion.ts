import { Argument, Command } from 'commander';
import { placesOf } from '../completion/places.ts';
import { scripts, type Shell } from '../completion/scripts.ts';
import type { Context } from '../context.ts';
import type { Group, Verb } from '../verb.ts';

/** Knows the options of every command, and so loads them all. */
export const completionOf =
  (groups: readonly Group[]): Verb =>
  (command, context) => {
    command
      .addArgument(new Argument('<shell>', 'Which one is to know the words').choices(Object.keys(scripts)))
      .addHelpText(
        'after',
        `
Examples:
  source <(boucle completion bash)          now; in ~/.bashrc for ever
  boucle completion zsh > ~/.zfunc/_boucle  where fpath looks
  boucle completion fish | source           now; in ~/.config/fish/config.fish for ever`,
      )
      .action(async (shell: Shell) => {
        const places = placesOf(await wholeProgram(groups, command.parent!, context));
        context.show({ shell, script: scripts[shell](places) }, () => scripts[shell](places).trimEnd());
      });
  };

const wholeProgram = async (groups: readonly Group[], { options }: Command, context: Context): Promise<Command> => {
  const program = new Command('boucle');
  for (const option of options) program.addOption(option);
  for (const { words, about, load } of groups.flatMap(({ entries }) => entries)) {
    const [first = '', second] = words.split(' ');
    const above = program.commands.find((known) => known.name() === first);
    const noun = second === undefined ? program : (above ?? program.command(first).description(nounOf(groups, first)));
    const made = noun.command(second ?? first).description(about);
    (await load())(made, context);
  }
  return program;
};
const nounOf = (groups: readonly Group[], noun: string): string => groups.map(({ about }) => about?.[noun]).find(Boolean) ?? '';
