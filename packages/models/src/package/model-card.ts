import type { TensorSpec } from '@boucle/contract';
import type { BoucleFlavor } from './ml-model.ts';

/** `card.md`: what the package is and how one asks it, for people; made of what MLmodel says. */
export const modelCard = (
  flavor: BoucleFlavor,
  { labels = [], hasOnnx }: { labels?: readonly string[] | undefined; hasOnnx: boolean },
): string => {
  const { task, approach, config, signature, requirements } = flavor;
  const shown = labels.slice(0, 20).map(code).join(', ') + (labels.length > 20 ? ` and ${labels.length - 20} more` : '');
  return [
    `# ${task.replace('-', ' ')} by ${approach.replace('-', ' ')}`,
    '',
    ...table(
      ['', ''],
      [
        ['format', code(flavor.format)],
        ...(labels.length > 0 ? [['labels', shown]] : []),
        ['needs', requirements.map(code).join(', ')],
        ...Object.entries(config)
          .filter(([, value]) => typeof value !== 'object')
          .map(([key, value]) => [key, code(String(value))]),
      ],
    ),
    '',
    '## Takes and gives',
    '',
    ...table(['column', 'type', 'shape', ''], [...signature.inputs.map(rowOf('in')), ...signature.outputs.map(rowOf('out'))]),
    '',
    '## Use',
    '',
    '```ts',
    "import { loadModel, warmUp } from '@boucle/models';",
    '',
    "const model = await loadModel('folder'); // compares the digest of every file",
    'await warmUp(model); // answers input_example.json as its trainer did, or throws',
    '```',
    '',
    ...(hasOnnx ? ['In Python `mlflow.onnx.load_model`, or onnxruntime on `model.onnx`, load the same weights.', ''] : []),
    `\`sha256sum --check SHA256SUMS\` compares the files by hand; \`sbom.cdx.json\` says what it is made of.`,
    '',
  ].join('\n');
};

const code = (text: string): string => `\`${text.replaceAll(/[`|\n]/g, ' ')}\``;
const rowOf =
  (way: string) =>
  ({ name, datatype, shape }: TensorSpec): string[] => [code(name), datatype, `[${shape.join(', ')}]`, way];
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
