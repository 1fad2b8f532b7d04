import { type Debugger, Session } from 'node:inspector';

/** For a thread that watches: where the main thread is busy, as an Error would print it. The main thread stays stopped there. */
export const stackOfMainThread = (withinMs: number): Promise<string> =>
  new Promise((resolve) => {
    const session = new Session();
    session.connectToMainThread();
    const urls = new Map<string, string>();
    session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));
    session.on('Debugger.paused', ({ params }) => resolve(params.callFrames.map((frame) => lineOf(frame, urls)).join('\n')));
    // A pause that is asked for before the scripts are known would not tell their names.
    session.post('Debugger.enable', () => session.post('Debugger.pause'));
    setTimeout(resolve, withinMs, '');
  });

const lineOf = ({ location }: Debugger.CallFrame, urls: ReadonlyMap<string, string>): string =>
  `    at (${urls.get(location.scriptId)}:${location.lineNumber + 1}:1)`;
