import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startAnew } from '../contract/anew.ts';
import { type Got, jsonOf, send } from '../contract/send.ts';

const proxy = '/api/2.0/mlflow-artifacts';
type Server = Awaited<ReturnType<typeof startAnew>>;
interface Listing {
  files?: { path: string; is_dir: boolean; file_size?: number }[];
  root_uri?: string;
}

/** Paths that lead elsewhere, however often they are quoted. */
const hostile = [
  '..',
  '../a',
  'a/..',
  'a/../b',
  'a/../../etc/passwd',
  '/etc/passwd',
  'C:/windows',
  'c:x',
  'a\\..\\b',
  '\\\\host\\share',
  'a#b',
  '#',
  'a//b',
  './a',
  'a/./b',
  'a/.',
  'a\nb',
  'a\0b',
  '\uFFFD',
];
const quotings: Readonly<Record<string, (path: string) => string>> = {
  once: encodeURIComponent,
  twice: (one) => encodeURIComponent(encodeURIComponent(one)),
  'five times': (one) => [1, 2, 3, 4, 5].reduce(encodeURIComponent as never, one) as unknown as string,
  'letter by letter': (one) => [...Buffer.from(one)].map((byte) => `%25${byte.toString(16).padStart(2, '0')}`).join(''),
};

describe("MLflow's artifacts", () => {
  let server: Server;
  let runId: string;
  let root: string;
  const closers: (() => unknown)[] = [];
  before(async () => {
    server = await startAnew({ after: (close: () => unknown) => closers.push(close) } as never, { maxUpload: 1_000_000 });
    ({ id: runId } = await server.client.runs.create({ params: { project: 'default' }, body: {} }));
    root = `0/${runId}/artifacts`;
  });
  after(async () => {
    for (const close of closers) await close();
  });

  const ask = (method: string, where: string, body?: string | Uint8Array, headers: Record<string, string> = {}) =>
    send(server.address, { method, path: where, headers, ...(body !== undefined && { body }) });
  const put = (where: string, body: string | Uint8Array) => ask('PUT', `${proxy}/artifacts/${where}`, body);
  const get = (where: string, headers = {}) => ask('GET', `${proxy}/artifacts/${where}`, undefined, headers);
  const list = async (where: string) => jsonOf<Listing>(await ask('GET', `${proxy}/artifacts?path=${where}`));
  const post = (where: string, body: object) => ask('POST', where, JSON.stringify(body), { 'content-type': 'application/json' });
  const refused = (got: Got, status: number, code: string, message = /./): void => {
    const { error_code: said, message: text } = jsonOf<{ error_code: string; message: string }>(got);
    assert.deepEqual([got.status, said], [status, code], text);
    assert.match(text, message);
  };

  test('a file that was put is listed, read, and seen by our own API', async () => {
    assert.deepEqual(jsonOf(await put(`${root}/plots/loss.txt`, 'hello')), {});
    assert.deepEqual(await list(root), { files: [{ path: 'plots', is_dir: true }] });
    assert.deepEqual(await list(`${root}/plots`), { files: [{ path: 'loss.txt', is_dir: false, file_size: 5 }] });
    const got = await get(`${root}/plots/loss.txt`);
    assert.deepEqual(
      ['content-type', 'content-length', 'content-disposition', 'x-content-type-options'].map((name) => got.headers[name]),
      ['text/plain', '5', 'attachment; filename=loss.txt', 'nosniff'],
    );
    assert.equal(got.bytes.toString(), 'hello');
    const { items } = await server.client.runs.artifacts.list({ params: { project: 'default', runId }, query: { path: 'plots' } });
    assert.deepEqual(
      items.map((item) => item.path),
      ['plots/loss.txt'],
    );
    const listed = jsonOf<Listing>(await ask('GET', `/api/2.0/mlflow/artifacts/list?run_uuid=${runId}&path=plots`));
    assert.deepEqual(listed, { root_uri: `mlflow-artifacts:/${root}`, files: [{ path: 'plots/loss.txt', is_dir: false, file_size: 5 }] });
  });

  test('ranges and HEAD are answered', async () => {
    await put(`${root}/range.bin`, '0123456789');
    const part = await get(`${root}/range.bin`, { range: 'bytes=2-4' });
    assert.deepEqual([part.status, part.headers['content-range'], part.bytes.toString()], [206, 'bytes 2-4/10', '234']);
    const head = await ask('HEAD', `${proxy}/artifacts/${root}/range.bin`);
    assert.deepEqual([head.status, head.headers['content-length'], head.bytes.length], [200, '10', 0]);
  });

  test('what is not there is 404, as a file and as a folder, and an empty listing', async () => {
    await put(`${root}/folder/file`, 'x');
    for (const where of [
      `${root}/nope`,
      `${root}/folder`,
      root,
      `0/${'a'.repeat(32)}/artifacts/MLmodel`,
      'nowhere',
      `1/models/m-${'a'.repeat(32)}/artifacts/x`,
    ])
      refused(await get(where), 404, 'RESOURCE_DOES_NOT_EXIST');
    for (const where of [`${root}/nope`, `${root}/folder/file`, `0/${'a'.repeat(32)}/artifacts`, 'nowhere'])
      assert.deepEqual(await list(where), {});
    refused(await ask('GET', `/api/2.0/mlflow/artifacts/list?run_id=${'a'.repeat(32)}`), 404, 'RESOURCE_DOES_NOT_EXIST');
  });

  test('to delete is recursive, and of what is not there no error', async () => {
    for (const file of ['gone/a', 'gone/b/c', 'gone-not']) await put(`${root}/deleted/${file}`, 'x');
    assert.deepEqual(jsonOf(await ask('DELETE', `${proxy}/artifacts/${root}/deleted/gone`)), {});
    assert.deepEqual(await list(`${root}/deleted`), { files: [{ path: 'gone-not', is_dir: false, file_size: 1 }] });
    for (const where of [`${root}/deleted/gone`, `${root}/deleted/`, 'nowhere', `0/${'b'.repeat(32)}/artifacts/x`])
      assert.equal((await ask('DELETE', `${proxy}/artifacts/${where}`)).status, 200, where);
    assert.deepEqual(await list(`${root}/deleted`), {});
  });

  test('names that lead elsewhere are refused, however often they are quoted', async () => {
    for (const quote of Object.values(quotings))
      for (const name of hostile) {
        const quoted = quote(name);
        for (const got of [
          await put(quoted, 'x'),
          await get(`${root}/${quoted}`),
          await ask('GET', `${proxy}/artifacts?path=${quoted}`),
          await ask('DELETE', `${proxy}/artifacts/${quoted}`),
          await ask('GET', `${proxy}/presigned/${quoted}`),
          await post(`${proxy}/mpu/create/${quoted}`, { path: 'file' }),
          await ask('GET', `/get-artifact?run_id=${runId}&path=${quoted}`),
          await ask('GET', `/api/2.0/mlflow/artifacts/list?run_id=${runId}&path=${quoted}`),
        ]) {
          // Within a run, what looks like a root is a name between two slashes.
          refused(got, 400, 'INVALID_PARAMETER_VALUE', /Invalid (path|value)/);
        }
      }
  });

  test('names of any alphabet, with spaces, per cent and quotes, come back under themselves', async () => {
    for (const name of ['naïve café.txt', '日本語/データ.csv', '100%.txt', 'a b', 'it\'s "quoted"', '😀', 'a+b&c=d;e', '...', '~x']) {
      const where = `${root}/names/${encodeURIComponent(name)}`;
      assert.equal((await put(where, name)).status, 200, name);
      const got = await get(where);
      assert.equal(got.bytes.toString(), name);
      assert.equal((await get(`${root}/names/${encodeURIComponent(encodeURIComponent(name))}`)).bytes.toString(), name);
      assert.match(
        String(got.headers['content-disposition']),
        /^attachment; filename=("[ !#-[\]-~]*"|[!#$&'*+.^`|~\w-]+)(; filename\*=UTF-8''[\w.~%!-]+)?$/,
      );
    }
    const { files = [] } = await list(`${root}/names`);
    assert.ok(files.some(({ path: name }) => name === '100%.txt'));
    assert.ok(files.some(({ path: name, is_dir: isFolder }) => name === '日本語' && isFolder));
  });

  test('types are guessed, and code is text', async () => {
    const types = {
      'a.py': 'text/plain',
      MLmodel: 'text/plain',
      'conda.yaml': 'text/plain',
      'a.json': 'text/plain',
      'a.png': 'image/png',
      'a.html': 'text/html',
      'a.pkl': 'application/octet-stream',
      png: 'application/octet-stream',
    };
    for (const [name, type] of Object.entries(types)) {
      await put(`${root}/types/${name}`, 'x');
      assert.equal((await get(`${root}/types/${name}`)).headers['content-type'], type, name);
    }
  });

  test('what belongs to no run is the project’s', async () => {
    await put('loose/file', 'x');
    assert.deepEqual(await list('loose'), { files: [{ path: 'file', is_dir: false, file_size: 1 }] });
    const { files = [] } = await list('');
    assert.deepEqual(files, [{ path: 'loose', is_dir: true }]);
  });

  test('a run that has ended may be added to by its client', async () => {
    const { id } = await server.client.runs.create({ params: { project: 'default' }, body: {} });
    await server.client.runs.finish({ params: { project: 'default', runId: id }, body: { status: 'finished' } });
    assert.equal((await put(`0/${id}/artifacts/late`, 'x')).status, 200);
  });

  test('a path is a file or a folder', async () => {
    await put(`${root}/taken`, 'x');
    refused(await put(`${root}/taken/below`, 'x'), 400, 'INVALID_PARAMETER_VALUE', /taken/);
    refused(await put(root, 'x'), 400, 'INVALID_PARAMETER_VALUE');
  });

  test('too much is refused before it comes, and after as much as is taken', async () => {
    const announced = await put(`${root}/large`, Buffer.alloc(1_000_001));
    refused(announced, 413, 'INVALID_PARAMETER_VALUE', /announced/);
    const inPieces = await sendPieces(`${proxy}/artifacts/${root}/large`, async function* () {
      for (let i = 0; i < 20; i += 1) yield Buffer.alloc(100_000);
    });
    assert.equal(inPieces, 413);
    refused(await get(`${root}/large`), 404, 'RESOURCE_DOES_NOT_EXIST');
  });

  const sendPieces = async (where: string, pieces: () => AsyncGenerator<Uint8Array>, headers = {}): Promise<number> => {
    const asked = request(server.address, { method: 'PUT', path: where, headers });
    const answered = once(asked, 'response');
    for await (const piece of pieces()) asked.write(piece);
    asked.end();
    const [answer] = await answered;
    answer.resume();
    return answer.statusCode;
  };

  test('a client that waits for leave to go on gets it', async () => {
    const asked = request(server.address, {
      method: 'PUT',
      path: `${proxy}/artifacts/${root}/expected`,
      headers: { expect: '100-continue', 'content-length': '4' },
    });
    const answered = once(asked, 'response');
    asked.flushHeaders();
    await once(asked, 'continue');
    asked.end('body');
    const [answer] = await answered;
    answer.resume();
    assert.equal(answer.statusCode, 200);
    assert.equal((await get(`${root}/expected`)).bytes.toString(), 'body');
  });

  test('an upload that breaks off leaves nothing, and no fault in the log', async () => {
    const asked = request(server.address, {
      method: 'PUT',
      path: `${proxy}/artifacts/${root}/broken`,
      headers: { 'content-length': '900000' },
    });
    asked.on('error', () => {});
    asked.write(Buffer.alloc(300_000));
    const folder = path.join(server.folder, 'blobs/tmp');
    while ((await readdir(folder)).length === 0) await sleep(5);
    asked.destroy();
    while ((await readdir(folder)).length > 0) await sleep(5);
    refused(await get(`${root}/broken`), 404, 'RESOURCE_DOES_NOT_EXIST');
    assert.deepEqual(
      server.log.filter((line) => line.includes('request failed')),
      [],
    );
  });

  test('a large file comes in parts, at the addresses that were handed out, with what made the caller known', async () => {
    const headers = { 'content-type': 'application/json', 'x-mlflow-workspace': 'default' };
    const create = await ask(
      'POST',
      `${proxy}/mpu/create/${root}/parts`,
      JSON.stringify({ path: 'C:\\tmp\\big.bin', num_parts: 3 }),
      headers,
    );
    const { upload_id: id, credentials } = jsonOf<{
      upload_id: string;
      credentials: { url: string; part_number: number; headers: Record<string, string> }[];
    }>(create);
    assert.deepEqual(
      credentials.map((one) => [one.part_number, one.headers]),
      [1, 2, 3].map((number) => [number, { 'x-mlflow-workspace': 'default' }]),
    );
    const parts: object[] = [];
    for (const { url, part_number, headers: known } of credentials.toReversed()) {
      const answer = await fetch(url, { method: 'PUT', body: `part ${part_number};`, headers: known });
      assert.equal(answer.status, 200);
      parts.push({ part_number, etag: answer.headers.get('etag'), url });
    }
    const end = (sent: object[]) => post(`${proxy}/mpu/complete/${root}/parts`, { path: '/x/big.bin', upload_id: id, parts: sent });
    refused(await end([{ part_number: 1, etag: '"nonsense"' }]), 400, 'INVALID_PARAMETER_VALUE', /Part 1/);
    refused(await end([]), 400, 'INVALID_PARAMETER_VALUE');
    assert.deepEqual(jsonOf(await end(parts)), {});
    assert.deepEqual(jsonOf(await end(parts)), {});
    const whole = await get(`${root}/parts/big.bin`);
    assert.equal(whole.bytes.toString(), 'part 1;part 2;part 3;');
    assert.equal(whole.headers['etag'], `"blob:${createHash('sha256').update(whole.bytes).digest('hex')}"`);
  });

  test('an upload in parts that is given up takes no more', async () => {
    const { upload_id: id, credentials } = jsonOf<{ upload_id: string; credentials: { url: string }[] }>(
      await post(`${proxy}/mpu/create`, { path: 'big.bin' }),
    );
    const abort = () => post(`${proxy}/mpu/abort`, { path: 'big.bin', upload_id: id });
    assert.deepEqual([jsonOf(await abort()), jsonOf(await abort())], [{}, {}]);
    assert.equal((await fetch(credentials[0]!.url, { method: 'PUT', body: 'x' })).status, 404);
    refused(await post(`${proxy}/mpu/create`, { path: 'big.bin', num_parts: 10_001 }), 400, 'INVALID_PARAMETER_VALUE');
  });

  test('an address to download from is handed out, and answers ranges', async () => {
    const name = 'naïve 100%.bin';
    await put(`${root}/${encodeURIComponent(name)}`, '0123456789');
    const { url, file_size: size } = jsonOf<{ url: string; file_size: number }>(
      await ask('GET', `${proxy}/presigned/${root}/${encodeURIComponent(name)}`),
    );
    assert.equal(size, 10);
    assert.equal(await (await fetch(url, { headers: { range: 'bytes=8-9' } })).text(), '89');
    refused(await ask('GET', `${proxy}/presigned/${root}/nope`), 404, 'RESOURCE_DOES_NOT_EXIST');
  });

  test('a page gets and sends files of a run', async () => {
    const upload = (where: string, body: string | Uint8Array) =>
      ask('POST', `/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${runId}&path=${where}`, body);
    assert.deepEqual(jsonOf(await upload('page/note.md', '# note')), {});
    const got = await ask('GET', `/get-artifact?run_id=${runId}&path=page/note.md`);
    assert.deepEqual(
      [got.bytes.toString(), got.headers['content-disposition'], got.headers['x-content-type-options']],
      ['# note', 'attachment; filename=note.md', 'nosniff'],
    );
    refused(await ask('GET', '/get-artifact?run_id=x&path=a'), 400, 'INVALID_PARAMETER_VALUE');
    refused(await ask('GET', `/get-artifact?run_id=${runId}`), 400, 'INVALID_PARAMETER_VALUE', /specify path/);
    refused(
      await ask('GET', `/ajax-api/2.0/mlflow/logged-models/m-${'a'.repeat(32)}/artifacts/files?artifact_file_path=x`),
      404,
      'RESOURCE_DOES_NOT_EXIST',
    );
    refused(await post('/api/2.0/mlflow/artifacts/presigned-upload-url', { run_id: runId, path: 'x' }), 400, 'INVALID_PARAMETER_VALUE');
  });

  test('files of a logged model, and of the version that it became, are found by either', async () => {
    const { model } = jsonOf<{ model: { info: { model_id: string; artifact_uri: string } } }>(
      await post('/api/2.0/mlflow/logged-models', { experiment_id: '0', name: 'made' }),
    );
    const { model_id: id, artifact_uri: uri } = model.info;
    const place = uri.replace('mlflow-artifacts:/', '');
    await put(`${place}/MLmodel`, 'flavors: {}');
    await put(`${place}/data/model.pkl`, 'x');
    const directories = jsonOf<Listing>(await ask('GET', `/api/2.0/mlflow/logged-models/${id}/artifacts/directories`));
    assert.deepEqual(directories, {
      root_uri: uri,
      files: [
        { path: 'MLmodel', is_dir: false, file_size: 11 },
        { path: 'data', is_dir: true },
      ],
    });
    const file = await ask('GET', `/ajax-api/2.0/mlflow/logged-models/${id}/artifacts/files?artifact_file_path=MLmodel`);
    assert.equal(file.bytes.toString(), 'flavors: {}');
    await post('/api/2.0/mlflow/registered-models/create', { name: 'kept' });
    assert.equal((await post('/api/2.0/mlflow/model-versions/create', { name: 'kept', source: uri, model_id: id })).status, 200);
    const got = await ask('GET', '/model-versions/get-artifact?name=kept&version=1&path=data/model.pkl');
    assert.deepEqual([got.status, got.bytes.toString(), got.headers['x-content-type-options']], [200, 'x', 'nosniff']);
    refused(await ask('GET', '/model-versions/get-artifact?name=kept&version=1&path=data'), 404, 'RESOURCE_DOES_NOT_EXIST');
    refused(await ask('GET', '/model-versions/get-artifact?name=kept&version=x&path=data'), 400, 'INVALID_PARAMETER_VALUE');
  });

  test('a folder of more files than are read at once is listed whole', async () => {
    const { client } = server;
    const { id } = await client.runs.create({ params: { project: 'default' }, body: {} });
    for (let i = 0; i < 600; i += 100)
      await Promise.all(Array.from({ length: 100 }, (_, j) => put(`0/${id}/artifacts/many/${i + j}`, 'same')));
    const { files = [] } = await list(`0/${id}/artifacts/many`);
    assert.equal(new Set(files.map((file) => file.path)).size, 600);
    const listed = jsonOf<Listing>(await ask('GET', `/api/2.0/mlflow/artifacts/list?run_id=${id}&path=many`));
    assert.equal(listed.files?.length, 600);
  });
});
