import { deflateSync } from 'node:zlib';
import type { Client } from '@boucle/sdk';

export const project = 'tracked';
export const empty = 'fresh';
/** Ids of the runs that the journeys go to. */
export interface Tracked {
  readonly curved: string;
  readonly odd: string;
  readonly parent: string;
}

/** Sixty runs of a search, one with curves and files of all kinds, one whose every text is as odd as texts come, and one under another. */
export const trackRuns = async (client: Client): Promise<Tracked> => {
  for (const name of [project, empty]) await client.projects.create({ body: { name } });
  const params = { project };
  for (let i = 0; i < 60; i++) {
    const model = ['bert', 'bilstm', 'logistic'][i % 3]!;
    const { id: runId } = await client.runs.create({
      params,
      body: { experiment: i % 2 ? 'sentiment' : 'topics', name: `search ${i}`, params: { model, C: String(10 ** (i % 4)), seed: '7' } },
    });
    const metrics = [
      { key: 'f1', value: 0.6 + ((i * 7) % 60) / 200 },
      { key: 'loss', value: 1 / (i + 1) },
    ];
    await client.runs.log({ params: { ...params, runId }, body: { metrics } });
    await client.runs.finish({ params: { ...params, runId }, body: { status: i % 10 === 9 ? 'failed' : 'finished' } });
  }
  const { id: curved } = await client.runs.create({
    params,
    body: { experiment: 'sentiment', name: 'curved', params: { model: 'bert', C: '3', seed: '7' } },
  });
  const { id: child } = await client.runs.create({ params, body: { experiment: 'sentiment', name: 'a fold of it', parentRunId: curved } });
  await client.runs.finish({ params: { ...params, runId: child }, body: { status: 'finished' } });
  await logCurves(client, curved);
  await logFiles(client, curved);
  const { id: odd } = await client.runs.create({
    params,
    body: { experiment: 'topics', name: 'ريح <script>alert(1)</script> 🌀 '.repeat(7), tags: { note: 'é<b>'.repeat(2000) } },
  });
  await client.runs.log({
    params: { ...params, runId: odd },
    body: { params: { 'key with spaces and a length that no column was made for ever and ever': 'x'.repeat(6000) } },
  });
  return { curved, odd, parent: curved };
};

const logCurves = async (client: Client, runId: string): Promise<void> => {
  const at = { project, runId };
  const steps = Array.from({ length: 6000 }, (_, step) => step);
  const time = 1_790_000_000_000;
  const noisy = (step: number): number => Math.exp(-step / 1500) + 0.05 * Math.sin(step * 12.9898) + 0.08;
  const points = steps.map((step) => ({ key: 'loss', step, time: time + step * 250, value: step === 4321 ? 9 : noisy(step) }));
  await client.runs.log({ params: at, body: { metrics: points } });
  const gaps = Array.from({ length: 90 }, (_, step) => ({
    key: 'f1',
    step,
    time: time + step * 1000,
    value: step > 30 && step < 45 ? ('NaN' as const) : 0.5 + 0.4 * (1 - Math.exp(-step / 20)),
  }));
  const used = Array.from({ length: 50 }, (_, step) => ({ key: 'system/cpu', step, time: time + step * 1000, value: 40 + (step % 7) }));
  const below = Array.from({ length: 20 }, (_, step) => ({ key: 'signed', step, time: time + step, value: step - 5 }));
  await client.runs.log({ params: at, body: { metrics: [...gaps, ...used, ...below, { key: 'accuracy', value: 0.875, step: 3, time }] } });
};

const logFiles = async (client: Client, runId: string): Promise<void> => {
  const put = (path: string, data: string | Uint8Array<ArrayBuffer>) =>
    client.runs.artifacts.put({ params: { project, runId }, query: { path }, data });
  await put('report.html', '<h1>A report</h1><p id="p">quiet</p><script>document.body.innerHTML="it ran"; top.ran = true</script>');
  await put('false.png', '<html><script>top.ran = true</script>not an image</html>');
  await put('plots/true.png', png(48, 32));
  await put('rows.csv', 'text,label\n"late, again",bad\n<b>fine</b>,good\n');
  await put('notes.md', '# Notes\n<script>top.ran = true</script>\n');
  await put('facts.json', '{"a":{"b":[1,2,3]}}');
  await put('weights.bin', new Uint8Array(2000));
  await put('paper.pdf', '%PDF-1.4');
};

/** The smallest picture that is one, in one colour. */
const png = (width: number, height: number): Uint8Array<ArrayBuffer> => {
  const table = Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c >>> 0;
  });
  const crc = (bytes: Buffer): number => {
    let c = 0xffffffff;
    for (const byte of bytes) c = table[(c ^ byte) & 255]! ^ (c >>> 8);
    return (c ^ 0xffffffff) >>> 0;
  };
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.concat(Array.from({ length: height }, () => Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, 0x5c)])));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return new Uint8Array(Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]));
};
