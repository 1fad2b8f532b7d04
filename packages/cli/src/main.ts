import { CommanderError } from 'commander';
import { type Io, processIo } from './io.ts';
import { createProgram } from './program.ts';

/** As a shell says that Ctrl-C ended a program. */
const interrupted = 130;

/** Carries out one command line, and says with which status to end. */
export const main = async (args: readonly string[], io: Io = processIo()): Promise<number> => {
  // `boucle runs list | head` closes the pipe early; that is no failure.
  io.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const { program, outcome } = createProgram(io);
  try {
    await program.parseAsync(args, { from: 'user' });
    return outcome.status;
  } catch (error) {
    // Commander has said already what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    // Somebody pressed Ctrl-C at a question.
    if (error instanceof Error && error.name === 'AbortError') return interrupted;
    const { reportError } = await import('./report-error.ts');
    return reportError(error, io);
  }
};
