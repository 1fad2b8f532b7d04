import { type Call, get, proxy } from '../call.ts';
import type { Drawn } from './drawn.ts';

/** Files of runs and logged models. */
export const fileCalls = ({ run, value, sometimes, filesOf, fileAt, drawn }: Drawn) => ({
  listArtifacts: () =>
    get('artifacts/list', { run_id: run(), ...sometimes(0.5, () => ({ path: drawn('model', 'model/data', 'none', 'a.txt') })) }),
  putFile: (): Call => ({ method: 'PUT', path: `${proxy}/${fileAt()}`, bytes: `bytes ${value()}` }),
  getFile: (): Call => ({ method: 'GET', path: `${proxy}/${fileAt()}` }),
  deleteFile: (): Call => ({ method: 'DELETE', path: `${proxy}/${fileAt()}` }),
  listFiles: (): Call => ({
    method: 'GET',
    path: proxy,
    fields: { path: `${filesOf(run())}${drawn('', '/model', '/none', '/model/data')}` },
  }),
});
