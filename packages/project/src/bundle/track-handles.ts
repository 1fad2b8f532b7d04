import { createHook } from 'node:async_hooks';

interface OpenHandle {
  readonly what: string;
  readonly stack: string;
}
const names: Readonly<Record<string, string>> = {
  Timeout: 'a timer',
  TCPSERVERWRAP: 'a server',
  TCPWRAP: 'a connection',
  PROCESSWRAP: 'a child process',
  WORKER: 'a worker thread',
  FSEVENTWRAP: 'a file watcher',
};

/** From now on, what keeps the process alive, and who made it. */
export const trackHandles = (): (() => OpenHandle[]) => {
  const open = new Map<number, OpenHandle & { readonly resource: WeakRef<object> }>();
  createHook({
    init: (id, type, ...[, resource]: [trigger: number, resource: object]) => {
      const what = names[type];
      if (what) open.set(id, { what, stack: new Error().stack ?? '', resource: new WeakRef(resource) });
    },
    destroy: (id) => void open.delete(id),
  }).enable();
  return () => [...open.values()].filter(({ resource }) => isHolding(resource.deref()));
};

const isHolding = (resource: object | undefined): boolean =>
  resource !== undefined && (!('hasRef' in resource) || typeof resource.hasRef !== 'function' || Boolean(resource.hasRef()));
