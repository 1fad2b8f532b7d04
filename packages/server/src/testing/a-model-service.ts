import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A program that answers `twice`, the double of `x`, by both protocols. Asked for 13 it ends, for 14 it answers 503, for 15 one row too few. */
const program = `
import { createServer } from 'node:http';
const read = async (request) => { let text = ''; for await (const chunk of request) text += chunk; return text && JSON.parse(text); };
const tensor = (name, data) => ({ name, datatype: 'INT32', shape: [data.length], data });
createServer(async (request, response) => {
  const body = await read(request);
  const tell = (answer, status = 200) => response.writeHead(status).end(JSON.stringify(answer));
  if (request.url === '/v2/health/ready' || request.url === '/ping') return tell({});
  if (request.url === '/v2/models/model') return tell({ name: 'model', inputs: [{ ...tensor('x', []), shape: [-1] }], outputs: [{ ...tensor('twice', []), shape: [-1] }] });
  if (request.url.startsWith('/moved')) return response.writeHead(307, { location: 'http://169.254.169.254/' }).end();
  const x = body.inputs ? body.inputs[0].data : body.dataframe_split.data.map(([value]) => value);
  if (x.includes(13)) process.exit(3);
  if (x.includes(14)) return tell({ error: 'busy' }, 503);
  if (x.includes(-1)) return tell({ error: 'x is negative' }, 400);
  const twice = x.map((value) => value * 2).slice(0, x.includes(15) ? -1 : undefined);
  return tell(body.inputs ? { outputs: [tensor('twice', twice)] } : { predictions: twice });
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
`;
const signature = {
  inputs: JSON.stringify([{ type: 'long', name: 'x', required: true }]),
  outputs: JSON.stringify([{ type: 'long', name: 'twice', required: true }]),
};

/** Lays the program and an MLmodel that names it into a folder. */
export const layModelService = async (folder: string, service: object): Promise<string> => {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'serve.mjs'), program);
  await writeFile(path.join(folder, 'MLmodel'), JSON.stringify({ flavors: { boucle_service: service }, signature }));
  return folder;
};
