import { relative } from 'node:path';
import { evaluateConfig } from '@boucle/project/bundle';
import { runAlone } from '@boucle/project/runner';
import { aloneInputs } from '../../alone-inputs.ts';
import { intoLists, intoPairs, jsonOrText } from '../../arguments.ts';
import { stepFailed } from '../../step-failed.ts';
import { clip, count, measure, short, value as textOf } from '../../terminal/format.ts';
import { createLiveBlock } from '../../terminal/live-block.ts';
import { table } from '../../terminal/table.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly input?: Readonly<Record<string, readonly string[]>>;
  readonly param?: Readonly<Record<string, string>>;
  readonly inspect?: true;
}

export const runStepAlone: Verb = (command, { io, paint, show, note }) =>
  command
    .argument('<step>', 'The step, as pipeline.step')
    .option(
      '--input <name=path>',
      'A file or folder; what the project declares, or the step before leaves, where nothing is said',
      intoLists,
    )
    .option('--param <name=value>', 'A parameter; once for each', intoPairs)
    .option('--inspect', 'Wait for a debugger before its code is loaded')
    .addHelpText('after', '\nIt runs in the folder of the project, without a server. Its secrets come from the environment.')
    .action(async (name: string, { input = {}, param = {}, inspect }: Options) => {
      const project = await evaluateConfig(io.cwd);
      const announce = (step: string): void => note(paint('dim', `First ${step}`));
      const inputs = await aloneInputs(io.cwd, { project, announce }, { name, given: input });
      const params = Object.fromEntries(Object.entries(param).map(([key, text]) => [key, jsonOrText(text)]));
      if (inspect) note('It waits for a debugger: attach your editor to port 9229, or open chrome://inspect. Ctrl-C ends it.');
      const block = createLiveBlock(io.stderr);
      const { result, outputs } = await runAlone(io.cwd, name, {
        inputs,
        params,
        inspect: inspect === true,
        hooks: {
          onLog: (line) => {
            block.clear();
            note(line);
          },
          onMetric: (metric, measured, step) => {
            block.clear();
            note(paint('dim', `${metric} ${measure(measured)}${step === undefined ? '' : ` at step ${step}`}`));
          },
          onProgress: (done, total) => block.draw([`${name}  ${count(done)}${total === undefined ? '' : ` of ${count(total)}`}`]),
        },
      });
      block.clear();
      if (result.status === 'failed') throw stepFailed(name, result.failure);
      const made = Object.entries(result.outputs).map(([output, { kind, digest, rows, value }]) => ({
        output,
        kind,
        digest,
        rows,
        value,
        path: outputs[output]!,
      }));
      show(made, () =>
        table(
          made,
          {
            output: ({ output }) => output,
            kind: ({ kind }) => kind,
            rows: ({ rows }) => rows,
            value: ({ value }) => clip(textOf(value), 60),
            digest: ({ digest }) => short(digest),
            path: ({ path }) => relative(io.cwd, path),
          },
          paint,
        ),
      );
    });
