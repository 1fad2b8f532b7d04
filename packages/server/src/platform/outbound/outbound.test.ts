import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { selfSigned } from '../../testing/self-signed.ts';
import { isPublic } from './addresses.ts';
import { isAllowed, parseAllowedCall } from './allowed-calls.ts';
import { createOutbound, type OutboundParts } from './outbound.ts';

const listen = async (t: TestContext, server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
};
const serve = (t: TestContext, answer: RequestListener): Promise<number> => listen(t, createServer(answer));
/** Reaches this machine's servers by names of their own, as a DNS would tell. */
const outboundTo = (hosts: readonly string[], more: Partial<OutboundParts> = {}) => {
  const asked: string[] = [];
  const outbound = createOutbound({
    allowCalls: hosts.map(parseAllowedCall),
    resolve: async (host) => {
      asked.push(host);
      return [{ address: '127.0.0.1', family: 4 }];
    },
    ...more,
  });
  return { ...outbound, asked };
};
interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
const seenOf = async (request: IncomingMessage): Promise<Seen> => ({
  method: request.method,
  url: request.url,
  headers: request.headers,
  body: await text(request),
});

test('addresses of this machine, its network and its cloud are not public, however they are written', () => {
  for (const address of [
    '127.0.0.1',
    '127.8.9.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '192.0.0.192',
    '198.18.0.1',
    '224.0.0.251',
    '239.1.1.1',
    '240.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:7f00:1',
    '64:ff9b::a00:1',
    '::127.0.0.1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    'fec0::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2002:a9fe:a9fe::',
  ])
    assert.equal(isPublic(address), false, address);
  for (const address of ['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::200e'])
    assert.equal(isPublic(address), true, address);
});

test('an IPv4 address that is inside stays inside when IPv6 carries it', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(byte, byte, byte, byte, (a, b, c, d) => {
      const [high, low] = [(a * 256 + b).toString(16), (c * 256 + d).toString(16)];
      for (const carried of [`::ffff:${a}.${b}.${c}.${d}`, `64:ff9b::${high}:${low}`, `2002:${high}:${low}::1`, `::${high}:${low}`])
        assert.equal(isPublic(carried), false);
    }),
  );
});

test('hosts are allowed with any port or with one, whatever their letters', () => {
  const allowed = ['Hooks.intern', '10.0.0.7:8080', '[::1]:25', 'fd00::7'].map(parseAllowedCall);
  assert.ok(isAllowed(allowed, 'hooks.INTERN.', 1) && isAllowed(allowed, '10.0.0.7', 8080) && isAllowed(allowed, '[::1]', 25));
  assert.ok(isAllowed(allowed, 'fd00::7', 9));
  assert.ok(!isAllowed(allowed, '10.0.0.7', 8081) && !isAllowed(allowed, 'a.hooks.intern', 1) && !isAllowed(allowed, '::1', 26));
  for (const text of ['', 'https://a', 'a:0', 'a:99999', 'a b', 'user@a', 'a/b', '[::1'])
    assert.throws(() => parseAllowedCall(text), RangeError);
});

test('a private address is refused before anything is sent, by its number or by a name that leads to it', async (t) => {
  let calls = 0;
  const port = await serve(t, (_, response) => response.end(String(++calls)));
  const refused = { code: 'failed_precondition', reason: 'address_not_allowed' };
  for (const host of ['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0x7f.1', '2130706433', 'localhost', '0'])
    await assert.rejects(createOutbound().call({ url: `http://${host}:${port}/` }), refused, host);
  await assert.rejects(outboundTo([]).call({ url: `http://innocent.example:${port}/` }), {
    ...refused,
    message: new RegExp(`--allow-calls innocent.example:${port}`),
  });
  assert.equal(calls, 0);
});

test('one private address among public ones is enough to refuse', async () => {
  const resolve = async () => [
    { address: '8.8.8.8', family: 4 },
    { address: '10.0.0.1', family: 4 },
  ];
  await assert.rejects(createOutbound({ resolve }).wayTo('mixed.example', 443), { reason: 'address_not_allowed' });
});

test('a name is looked up once, and the connection goes where it led', async (t) => {
  const port = await serve(t, (request, response) => response.end(request.headers.host));
  const outbound = outboundTo([`hooks.intern:${port}`]);
  const { status, body } = await outbound.call({ url: `http://hooks.intern:${port}/x` });
  assert.deepEqual([status, body.toString(), outbound.asked], [200, `hooks.intern:${port}`, ['hooks.intern']]);
});

test('what is sent arrives whole, with a name and password of the address as a header', async (t) => {
  const seen: Seen[] = [];
  const port = await serve(t, async (request, response) => {
    seen.push(await seenOf(request));
    response.writeHead(201, { 'x-a': 'b' }).end('made');
  });
  const answer = await outboundTo(['a.intern']).call({
    url: `http://me:p%40ss@a.intern:${port}/hook?x=1`,
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: 'späte Post',
  });
  assert.deepEqual([answer.status, answer.headers['x-a'], answer.body.toString(), answer.method], [201, 'b', 'made', 'POST']);
  assert.deepEqual([seen[0]!.method, seen[0]!.url, seen[0]!.body], ['POST', '/hook?x=1', 'späte Post']);
  assert.equal(seen[0]!.headers.authorization, `Basic ${Buffer.from('me:p@ss').toString('base64')}`);
});

test('a redirect is checked like the first address', async (t) => {
  let reached = 0;
  const inside = await serve(t, (_, response) => response.end(String(++reached)));
  const port = await serve(t, (_, response) => response.writeHead(307, { location: `http://127.0.0.1:${inside}/admin` }).end());
  await assert.rejects(outboundTo(['a.intern']).call({ url: `http://a.intern:${port}/`, method: 'POST', body: '{}' }), {
    reason: 'address_not_allowed',
  });
  for (const location of ['ftp://a.intern/', 'file:///etc/passwd', 'http://:80'])
    await assert.rejects(
      outboundTo(['b.intern']).call({
        url: `http://b.intern:${await serve(t, (_, response) => response.writeHead(302, { location }).end())}/`,
      }),
      { reason: 'bad_redirect' },
    );
  assert.equal(reached, 0);
});

test('a redirect keeps method and body at 307 and 308 alone, and takes no secrets to another host', async (t) => {
  const seen: Seen[] = [];
  const port = await serve(t, async (request, response) => {
    seen.push(await seenOf(request));
    const [, status, rest] = /^\/(\d+)\/(.*)$/.exec(request.url!) ?? [];
    if (status === undefined) response.end('there');
    else response.writeHead(Number(status), { location: rest === 'other' ? `http://b.intern:${port}/` : '/' }).end();
  });
  const outbound = outboundTo(['a.intern', 'b.intern']);
  const call = (at: string) =>
    outbound.call({
      url: `http://a.intern:${port}/${at}`,
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      secretHeaders: { authorization: 'Bearer secret' },
      body: 'news',
    });
  const arrived = async (at: string) => {
    const { method } = await call(at);
    const last = seen.at(-1)!;
    assert.equal(method, last.method);
    return [last.method, last.body, last.headers.authorization ?? null, last.headers['content-type']];
  };
  for (const status of [307, 308]) {
    assert.deepEqual(await arrived(`${status}/here`), ['POST', 'news', 'Bearer secret', 'text/plain']);
    assert.deepEqual(await arrived(`${status}/other`), ['POST', 'news', null, 'text/plain']);
  }
  for (const status of [301, 302, 303]) assert.deepEqual(await arrived(`${status}/other`), ['GET', '', null, 'text/plain']);
});

test('the fourth redirect is not followed', async (t) => {
  let calls = 0;
  const port = await serve(t, (_, response) => {
    calls += 1;
    response.writeHead(302, { location: `/${calls}` }).end();
  });
  await assert.rejects(outboundTo(['a.intern']).call({ url: `http://a.intern:${port}/` }), { reason: 'too_many_redirects' });
  assert.equal(calls, 4);
});

test('who answers too slowly, too long, not at all or not in HTTP is given up', async (t) => {
  const limits = { totalMs: 150, connectMs: 100, answerBytes: 1000 };
  const call = (port: number) => outboundTo(['a.intern'], { limits }).call({ url: `http://a.intern:${port}/` });
  await assert.rejects(call(await serve(t, () => {})), { code: 'unavailable', reason: 'call_timed_out' });
  const dribbling = await serve(t, (_, response) => {
    const timer = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(timer));
  });
  await assert.rejects(call(dribbling), { reason: 'call_timed_out' });
  await assert.rejects(call(await serve(t, (_, response) => response.end('x'.repeat(1001)))), { reason: 'answer_too_large' });
  await assert.rejects(call(await serve(t, (request) => request.socket.destroy())), { reason: 'call_failed' });
  const nonsense = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.end('220 hello\r\n');
  });
  assert.equal((await call(await serve(t, (_, response) => response.end('x'.repeat(1000))))).body.length, 1000);
  await assert.rejects(call(await listen(t, nonsense)), { reason: 'call_failed' });
  await assert.rejects(call(1), { reason: 'call_failed', message: /ECONNREFUSED/ });
  await assert.rejects(createOutbound().call({ url: 'http://no-such-host.invalid/' }), { reason: 'host_not_found' });
  const silent = createOutbound({ limits, resolve: () => new Promise(() => {}) });
  await assert.rejects(silent.call({ url: 'http://a.example/' }), { reason: 'host_not_found' });
  for (const url of ['', 'nope', 'ftp://a/', 'data:,x']) await assert.rejects(createOutbound().call({ url }), { reason: 'bad_address' });
});

test('https is held against the name, and does not turn into http', async (t) => {
  const { key, cert: ca } = selfSigned;
  const plain = await serve(t, (_, response) => response.end('plain'));
  const port = await listen(
    t,
    createTlsServer({ key, cert: ca }, (asked, response) =>
      asked.url === '/down' ? response.writeHead(307, { location: `http://a.intern:${plain}/` }).end() : response.end('kept'),
    ),
  );
  const outbound = outboundTo(['a.intern', 'b.intern'], { ca });
  assert.equal((await outbound.call({ url: `https://a.intern:${port}/` })).body.toString(), 'kept');
  await assert.rejects(outbound.call({ url: `https://a.intern:${port}/down` }), { reason: 'redirect_downgrade' });
  await assert.rejects(outbound.call({ url: `https://b.intern:${port}/` }), { reason: 'call_failed', message: /ALTNAME/ });
  await assert.rejects(outboundTo(['a.intern']).call({ url: `https://a.intern:${port}/` }), { message: /SELF_SIGNED/ });
});
