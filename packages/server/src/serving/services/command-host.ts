import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@boucle/contract';
import type { PackageKind } from '@boucle/models';
import { type CommandChild, keepTail, spawnCommand, startMeter } from '../../platform/processes/index.ts';
import { hostEnded } from '../host-ended.ts';
import type { InferenceHost } from '../inference-host.ts';
import { notExplainable } from '../not-explainable.ts';
import { protocolOf } from './protocols.ts';
import { createServiceClient, type Send } from './service-client.ts';

const readyMs = 10 * 60_000;
const answerBytes = 64 * 2 ** 20;

/** A program that comes with the model and serves it: started in the package's folder, on a port of its own at loopback. */
export const openCommandHost = async (
  folder: string,
  found: Extract<PackageKind, { kind: 'service' }>,
  command: readonly string[],
): Promise<InferenceHost> => {
  const port = await freePort();
  const scratch = await mkdtemp(path.join(tmpdir(), 'boucle-model-'));
  const child = spawnCommand({
    command: command.map((part) => part.replaceAll('{port}', String(port))),
    cwd: folder,
    env: { PORT: String(port), TMPDIR: scratch },
    nice: 0,
  });
  const tail = keepTail(child);
  const meter = startMeter(child.group, totalmem() / 2, () => void child.group.end(0));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let hasEnded = false;
  const ended = child.exited.then(async () => {
    hasEnded = true;
    meter.stop();
    agent.destroy();
    // Some of what it started may be left.
    await child.group.end(0);
    await rm(scratch, { recursive: true, force: true });
  });
  const close = async (): Promise<void> => {
    await child.group.end(2000);
    await ended;
  };
  const send: Send = async (where, body) => {
    try {
      return await call({ agent, port, path: where, body });
    } catch (error) {
      // The port closes a moment before the program is gone.
      await Promise.race([ended, sleep(200)]);
      if (hasEnded) throw hostEnded(lastOf(tail()), error);
      throw error;
    }
  };
  try {
    await becomeReady(child, () => send(protocolOf(found.service).readyPath), tail);
    const { facts, predict } = await createServiceClient(found, send);
    return { facts, predict, explain: notExplainable, ended, close, usage: async () => child.group.use({ find: true }) };
  } catch (error) {
    await close();
    throw error;
  }
};

const becomeReady = async (child: CommandChild, ask: () => ReturnType<Send>, tail: () => string): Promise<void> => {
  let exit: number | null | undefined;
  void child.exited.then((code) => (exit = code));
  for (const until = performance.now() + readyMs; performance.now() < until; await sleep(50)) {
    if (exit !== undefined) {
      throw new AppError(
        'failed_precondition',
        `The model’s command ended before it answered${exit === null ? '' : `, with exit status ${exit}`}: ${lastOf(tail())}`,
        {
          reason: 'command_ended',
        },
      );
    }
    // Until it listens, nobody answers.
    const answer = await ask().catch(() => undefined);
    if (answer?.status === 200) return;
  }
  throw new AppError('failed_precondition', `The model’s command was not ready within ${readyMs / 1000} s: ${lastOf(tail())}`, {
    reason: 'command_not_ready',
  });
};
const lastOf = (said: string): string => said.trim().slice(-1000) || 'it printed nothing';

/** One that is free now. The program may still find it taken; then it ends, and is started again with another. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No port is free'))));
    });
  });

const call = ({
  agent,
  port,
  path: where,
  body,
}: {
  agent: Agent;
  port: number;
  path: string;
  body: string | undefined;
}): ReturnType<Send> =>
  new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const asked = request({ agent, host: '127.0.0.1', port, path: where, method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > answerBytes)
          asked.destroy(
            new AppError('too_large', `The model answered more than ${answerBytes} bytes: send fewer rows`, { reason: 'answer_too_large' }),
          );
        else chunks.push(chunk);
      });
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
