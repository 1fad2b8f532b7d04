import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { ChannelFlood, openChannel } from './channel.ts';

const saying = (...chunks: (string | Buffer)[]) =>
  Duplex.from({
    readable: (async function* () {
      for (const chunk of chunks) yield Buffer.from(chunk);
    })(),
  });
const limits = { messages: 100, messageBytes: 1000 };
const collect = async (socket: Duplex, its = limits) => {
  const channel = openChannel(socket);
  channel.limit(its);
  const messages: unknown[] = [];
  for await (const message of channel.messages) messages.push(message);
  return messages;
};

test('messages are whole, however the pipe cuts them', async () => {
  const bytes = Buffer.from('{"log":"é"}\n{"done":true}\n');
  for (let cut = 0; cut <= bytes.length; cut++) {
    assert.deepEqual(await collect(saying(bytes.subarray(0, cut), bytes.subarray(cut))), [{ log: 'é' }, { done: true }]);
  }
});

test('what is not JSON is passed over', async () => {
  assert.deepEqual(await collect(saying('hello\n{"done":true}\n{"half":')), [{ done: true }]);
});

test('too many messages are a flood', async () => {
  await assert.rejects(collect(saying('1\n2\n3\n'), { messages: 2, messageBytes: 1000 }), ChannelFlood);
});

test('a message without an end is a flood', async () => {
  await assert.rejects(collect(saying('x'.repeat(600), 'x'.repeat(600))), ChannelFlood);
});
