import type { OnnxModel, Value } from '../onnx/model.ts';

/** The release of `onnx` in which an operator set came, https://github.com/onnx/onnx/blob/main/docs/Versioning.md */
const releases: Readonly<Record<number, string>> = { 17: '1.12.0', 18: '1.13.0', 19: '1.14.0', 20: '1.15.0', 21: '1.16.0' };

/** What `mlflow.onnx.save_model` writes for a model: its flavor, how `mlflow.pyfunc` loads it, and the signature it is held to there. */
export const onnxFlavor = ({ opsets, graph }: Pick<OnnxModel, 'opsets' | 'graph'>, data: string) => ({
  flavors: {
    onnx: {
      data,
      onnx_version: releases[opsets[''] ?? 0] ?? '1.16.0',
      providers: ['CPUExecutionProvider'],
      onnx_session_options: null,
      code: null,
    },
    python_function: { loader_module: 'mlflow.onnx', data },
  },
  signature: {
    inputs: JSON.stringify(graph.inputs.filter(({ name }) => !graph.initializers.has(name)).map(tensorSpec)),
    outputs: JSON.stringify(graph.outputs.map(tensorSpec)),
  },
});

/** NumPy's names of types, and -1 for a size that is known only when it runs. */
const tensorSpec = ({ name, type, shape }: Value) => ({
  name,
  type: 'tensor',
  'tensor-spec': { dtype: type === 'string' ? 'object' : type, shape: shape.map((dim) => (typeof dim === 'number' ? dim : -1)) },
});

/** `requirements.txt` is pip's: what loads the flavor in Python. What Boucle needs is told, and passed over. */
export const requirementsText = (requirements: readonly string[], { hasOnnx }: { readonly hasOnnx: boolean }): string =>
  [...requirements.map((one) => `# ${one}`), ...(hasOnnx ? ['mlflow-skinny', 'numpy', 'onnx', 'onnxruntime', 'pandas'] : [])]
    .map((line) => `${line}\n`)
    .join('');
