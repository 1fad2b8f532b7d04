/** A stand-in for the step runner: imports the module it is told to, and says when that is over. */
import '../../src/platform/processes/watch-parent.ts';

process.on('message', (message: { run?: string; cancel?: string }) => {
  if (!message.run) return;
  void import(message.run).then(
    () => process.send?.({ done: true }, () => process.disconnect()),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('SIGTERM', () => {}); // asked by message as well; what does not listen is killed after the grace
process.send?.({ ready: true });
