/** Native code of some 30 MB: whoever only reads what a model says of itself, as the server does, goes without. */
export const onnxRuntime = () => import('onnxruntime-node');
