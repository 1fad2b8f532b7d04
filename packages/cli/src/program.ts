import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { groups } from './catalogue.ts';
import type { GlobalOptions, Outcome } from './context.ts';
import type { Io } from './io.ts';
import type { Entry } from './verb.ts';

/** The whole command line. Only the command that is called is loaded. */
export const createProgram = (io: Io): { program: Command; outcome: Outcome } => {
  const outcome: Outcome = { status: 0 };
  const program = new Command('boucle')
    .description('Takes a model from its first dataset to a watched endpoint, and round again.')
    .version(manifest.version, '-V, --version', 'Print the version')
    .helpOption('-h, --help', 'Print help')
    .option('--url <address>', 'The server (BOUCLE_URL); http://127.0.0.1:5050 where nothing is said')
    .option('--token <token>', 'Who asks (BOUCLE_TOKEN); not needed on the machine of the server')
    .option('--project <name>', 'The project (BOUCLE_PROJECT); that of this folder, or "default"')
    .option('--json', 'Print JSON')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'boucle: ')),
    })
    .showHelpAfterError('See: boucle --help, or --help behind a command')
    .exitOverride()
    .addHelpText('after', '\nBegin with: boucle init my-project, boucle up');

  const loads = new Map<Command, Entry>();
  const loadCalled = async (_: Command, called: Command): Promise<void> => {
    const entry = loads.get(called);
    if (!entry) return;
    const [{ createContext }, verb] = await Promise.all([import('./context.ts'), entry.load()]);
    verb(called, createContext({ io, outcome, options: program.opts<GlobalOptions>() }));
  };

  const nouns = new Map<string, Command>();
  for (const { heading, entries, about } of groups) {
    program.commandsGroup(heading);
    for (const entry of entries) {
      const [first = '', second] = entry.words.split(' ');
      if (second === undefined) {
        loads.set(program.command(first).description(entry.about), entry);
        continue;
      }
      const noun =
        nouns.get(first) ??
        program
          .command(first)
          .description(about?.[first] ?? '')
          .hook('preSubcommand', loadCalled);
      nouns.set(first, noun);
      loads.set(noun.command(second).description(entry.about), entry);
      if (second === 'list') loads.set(noun.command('ls', { hidden: true }).description(entry.about), entry);
    }
  }
  // Among the last group, so that it needs no heading of its own.
  program.helpCommand('help [command]', 'Print help of a command');
  return { program: program.hook('preSubcommand', loadCalled), outcome };
};
