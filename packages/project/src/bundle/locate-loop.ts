import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { whereIn } from '../where.ts';

/** The inspector takes a free port of this machine alone, and only when it is asked for by SIGUSR1. */
export const locatable = '--inspect-port=127.0.0.1:0';

/** Where a process that was started with `locatable` is busy: stops it there for good. Undefined where it is not busy, or cannot be asked. */
export const locateLoop = async (child: ChildProcess, folder: string): Promise<string | undefined> => {
  const address = listening(child);
  if (process.platform === 'win32' || !child.kill('SIGUSR1')) return undefined;
  const place = address.then(topFrames).then((stack) => whereIn(stack, folder));
  return Promise.race([place.catch(() => undefined), sleep(2000, undefined, { ref: false })]);
};

const listening = ({ stderr }: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    let said = '';
    stderr?.on('data', (text: string | Buffer) => {
      said += String(text);
      const address = /ws:\/\/[\w.:/-]+/.exec(said)?.[0];
      if (address) resolve(address);
    });
  });

interface InspectorMessage {
  readonly method?: string;
  readonly params?: {
    readonly scriptId?: string;
    readonly url?: string;
    readonly callFrames?: readonly { readonly location: { readonly scriptId: string; readonly lineNumber: number } }[];
  };
}

/** A stack as an Error would print it. */
const topFrames = (address: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const scripts = new Map<string | undefined, string | undefined>();
    const socket = new WebSocket(address);
    socket.onerror = reject;
    socket.onopen = () => ['Debugger.enable', 'Debugger.pause'].forEach((method, id) => socket.send(JSON.stringify({ id, method })));
    socket.onmessage = ({ data }) => {
      const { method, params } = JSON.parse(String(data)) as InspectorMessage;
      if (method === 'Debugger.scriptParsed') scripts.set(params?.scriptId, params?.url);
      if (method !== 'Debugger.paused') return;
      socket.close();
      const frames = params?.callFrames ?? [];
      resolve(frames.map(({ location }) => `(${scripts.get(location.scriptId)}:${location.lineNumber + 1}:1)`).join('\n'));
    };
  });
