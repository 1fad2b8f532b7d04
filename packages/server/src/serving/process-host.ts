import { openChildHost } from './child-host.ts';
import type { OpenHost } from './inference-host.ts';
import type { handlers } from './inference-process.ts';

type Facts = Awaited<ReturnType<typeof handlers.open>>;

const loadMs = 120_000;

/**
 * A model whose runtime is native code, in a process of its own.
 * A thread would not do: ending one while onnxruntime computes aborts the whole process.
 */
export const openProcessHost: OpenHost = async (folder) => {
  const program = new URL(`./inference-process.${import.meta.url.split('.').pop()}`, import.meta.url);
  const { opened: facts, ...host } = await openChildHost<Facts>({ program }, { folder, loadMs });
  return { facts, ...host };
};
