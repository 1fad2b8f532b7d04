import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import type { AlertNews } from '@boucle/contract';
import fc from 'fast-check';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { createOutbound } from '../platform/outbound/index.ts';
import { selfSigned } from '../testing/self-signed.ts';
import { decide, judgeAnswer, maxAttempts } from './attempt.ts';
import { headline } from './headline.ts';
import { mailBody } from './mail-body.ts';
import { isMailAddress, sendMail } from './send-mail.ts';
import { slackBody } from './slack.ts';
import { fingerprint, webhookBody } from './webhook.ts';

const news = (more: Partial<AlertNews> = {}): AlertNews => ({
  alertId: '0'.repeat(32),
  about: 'firing',
  labels: { alertname: 'bad buzz', severity: 'critical', project: 'airline', endpoint: 'sentiment' },
  message: '4 tweets <negative> & rude',
  advice: 'Look at what they say',
  path: '/p/airline/alerts/0',
  actions: [{ label: 'Look', command: 'boucle alerts show 0' }],
  startsAt: '2026-01-01T00:00:00.000Z',
  endsAt: null,
  ...more,
});
const links = { linkTo: (path: string) => `https://boucle.example.com${path}`, hasLinks: true };

test('a webhook gets what Alertmanager sends, field by field', () => {
  const { linkTo } = links;
  const body = webhookBody(news(), { channel: 'desk', linkTo });
  const labels = news().labels;
  const annotations = {
    summary: '4 tweets <negative> & rude',
    advice: 'Look at what they say',
    actions: 'Look: boucle alerts show 0',
    alert_id: '0'.repeat(32),
  };
  assert.deepEqual(body, {
    version: '4',
    groupKey: '{}:{alertname="bad buzz", endpoint="sentiment", project="airline", severity="critical"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'desk',
    groupLabels: { alertname: 'bad buzz' },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: 'https://boucle.example.com',
    alerts: [
      {
        status: 'firing',
        labels,
        annotations,
        startsAt: '2026-01-01T00:00:00.000Z',
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: 'https://boucle.example.com/p/airline/alerts/0',
        fingerprint: fingerprint(labels),
      },
    ],
  });
  const ended = webhookBody(news({ about: 'resolved', endsAt: '2026-01-01T01:00:00.000Z' }), { channel: 'desk', linkTo });
  assert.deepEqual([ended.status, ended.alerts[0]!.status, ended.alerts[0]!.endsAt], ['resolved', 'resolved', '2026-01-01T01:00:00.000Z']);
  assert.equal(ended.groupKey, body.groupKey);
});

test('a fingerprint is that of Prometheus, whatever the order of labels', () => {
  // FNV-1a of nothing is its offset.
  assert.equal(fingerprint({}), 'cbf29ce484222325');
  assert.equal(fingerprint({ a: '1', b: '2' }), fingerprint({ b: '2', a: '1' }));
  assert.notEqual(fingerprint({ a: '1b' }), fingerprint({ a: '1', b: '' }));
});

test('Slack gets blocks within its limits, and reads nothing of the text as a link or a mention', () => {
  const long = slackBody(news({ message: `<!channel> & ${'x'.repeat(5000)}`, advice: null }), links);
  assert.ok(long.text.length <= 3000);
  assert.doesNotMatch(JSON.stringify(long), /<!channel>/);
  const body = slackBody(news(), links);
  assert.deepEqual(
    body.blocks.map(({ type }) => type),
    ['header', 'section', 'section', 'section', 'actions', 'context'],
  );
  assert.match(JSON.stringify(body), /"url":"https:\/\/boucle.example.com\/p\/airline\/alerts\/0"/);
  assert.ok(!slackBody(news(), { ...links, hasLinks: false }).blocks.some(({ type }) => type === 'actions'));
});

test('an answer is final or not as HTTP has it, and Retry-After may be seconds or a date', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  const judge = (status: number, retryAfter?: string) =>
    judgeAnswer({ status, headers: { 'retry-after': retryAfter }, body: Buffer.alloc(0) }, now);
  for (const status of [200, 202, 204]) assert.equal(judge(status).kind, 'sent');
  for (const status of [301, 304, 400, 401, 403, 404, 410, 413, 422]) assert.equal(judge(status).kind, 'never', String(status));
  for (const status of [408, 429, 500, 502, 503, 504]) assert.equal(judge(status).kind, 'later', String(status));
  assert.deepEqual(judge(503, '7'), { kind: 'later', message: 'It answered 503', afterMs: 7000 });
  assert.deepEqual(judge(429, 'Thu, 01 Jan 2026 00:01:00 GMT'), { kind: 'later', message: 'It answered 429', afterMs: 60_000 });
  assert.deepEqual(judge(429, 'soon'), { kind: 'later', message: 'It answered 429', afterMs: undefined });
});

test('waits grow to an hour at most, keep what was asked for within a day, and end', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.option(fc.integer({ min: 0, max: 1e12 }), { nil: undefined }),
      (attempts, random, afterMs) => {
        const next = decide({ kind: 'later', message: '', afterMs }, attempts, random);
        if (attempts >= maxAttempts) return assert.deepEqual(next, { status: 'failed' });
        assert.ok(next.status === 'waiting');
        const full = Math.min(3_600_000, 5000 * 2 ** (attempts - 1));
        const asked = Math.min(afterMs ?? 0, 86_400_000);
        assert.ok(next.afterMs >= Math.max(asked, Math.floor(full / 2)) && next.afterMs <= Math.max(asked, full));
      },
    ),
  );
});

test('a headline is one line, whatever its labels hold', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (alertname) => {
      const line = headline(news({ labels: { alertname, severity: 'critical', group: alertname } }));
      assert.ok(line.length <= 200 && !/[\u0000-\u001f\u007f\u2028\u2029]/.test(line));
    }),
    { numRuns: 30 },
  );
});

test('addresses of mail are one address each', () => {
  for (const good of ['a@b.com', 'first.last+tag@sub.example.com', 'Social Care <care@example.com>']) assert.ok(isMailAddress(good), good);
  for (const bad of [
    '',
    'a',
    'a@b.com, c@d.com',
    'a@b.com\r\nBcc: x@y.z',
    'A <a@b.com> <c@d.com>',
    'A\nB <a@b.com>',
    '<a@b.com',
    'a b@c.d',
  ])
    assert.ok(!isMailAddress(bad), bad);
});

const startSmtp = async (t: TestContext, options: SMTPServerOptions) => {
  const mails: { from: string; to: string[]; source: string }[] = [];
  const server = new SMTPServer({
    disableReverseLookup: true,
    logger: false,
    onData: (stream, { envelope }, done) => {
      void text(stream).then((source) => {
        mails.push({
          from: envelope.mailFrom ? envelope.mailFrom.address : '',
          to: envelope.rcptTo.map(({ address }) => address),
          source,
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  t.after(() => new Promise<void>((resolve) => server.close(resolve)));
  return { mails, at: `127.0.0.1:${(listening.address() as AddressInfo).port}` };
};
const outbound = createOutbound({ allowCalls: [{ host: '127.0.0.1', port: undefined }] });
const mail = (more: Partial<AlertNews> = {}) => ({
  from: 'Boucle <boucle@example.com>',
  to: ['care@example.com', 'desk@example.com'],
  ...mailBody(news(more), links),
  messageId: '<1@example.com>',
});

test('mail arrives as text and as HTML, to each receiver, with one id for all attempts', async (t) => {
  const { mails, at } = await startSmtp(t, { authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'] });
  assert.deepEqual(await sendMail(`smtp://${at}`, mail(), outbound), { kind: 'sent' });
  const [{ from, to, source }] = mails as [(typeof mails)[number]];
  assert.deepEqual([from, to], ['boucle@example.com', ['care@example.com', 'desk@example.com']]);
  assert.match(source, /^Subject: \[Firing, critical\] bad buzz, airline\/sentiment\r$/m);
  assert.match(source, /^Message-ID: <1@example.com>\r$/m);
  assert.match(source, /multipart\/alternative/);
  assert.match(source, /text\/plain[\s\S]*4 tweets <negative> & rude[\s\S]*text\/html[\s\S]*4 tweets &lt;negative&gt; &amp; rude/);
  assert.match(source, /Evidence: https:\/\/boucle.example.com\/p\/airline\/alerts\/0/);
});

test('what a label holds adds no header and no receiver', async (t) => {
  const { mails, at } = await startSmtp(t, { authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'] });
  const alertname = 'x\r\nBcc: thief@example.com\r\n\r\n<script>alert(1)</script>';
  await sendMail(`smtp://${at}`, mail({ labels: { alertname, severity: 'critical' } }), outbound);
  const [{ to, source }] = mails as [(typeof mails)[number]];
  assert.equal(to.length, 2);
  const [head] = source.split('\r\n\r\n') as [string];
  assert.doesNotMatch(head, /^Bcc:/m);
  assert.doesNotMatch(source.slice(source.indexOf('text/html')), /<script>/);
  assert.equal((await sendMail(`smtp://${at}`, { ...mail(), to: ['a@b.com\r\nBcc: x@y.z'] }, outbound)).kind, 'never');
});

test('a password is not sent to a server that does not encrypt', async (t) => {
  let tried = 0;
  const { at } = await startSmtp(t, { disabledCommands: ['STARTTLS'], allowInsecureAuth: true, onAuth: () => void (tried += 1) });
  const attempted = await sendMail(`smtp://me:secret@${at}`, mail(), outbound);
  assert.equal(attempted.kind, 'never');
  assert.match((attempted as { message: string }).message, /the password was not sent: use smtps:/);
  assert.equal(tried, 0);
});

test('over STARTTLS a right password sends, and a wrong one is final; both travel encrypted', async (t) => {
  const encrypted: boolean[] = [];
  const { mails, at } = await startSmtp(t, {
    ...selfSigned,
    onAuth: ({ username, password }, { secure }, done) => {
      encrypted.push(secure);
      if (password === 'right') done(null, { user: username ?? '' });
      else done(Object.assign(new Error('who are you'), { responseCode: 535 }));
    },
  });
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const trusting = createOutbound({ allowCalls: [{ host: 'a.intern', port: undefined }], ca: selfSigned.cert, resolve });
  const there = at.replace('127.0.0.1', 'a.intern');
  assert.deepEqual(await sendMail(`smtp://me:right@${there}`, mail(), trusting), { kind: 'sent' });
  const wrong = await sendMail(`smtp://me:wrong@${there}`, mail(), trusting);
  assert.match(JSON.stringify(wrong), /"never".*a.intern refuses the user or the password: .*who are you/);
  assert.deepEqual([mails.length, encrypted], [1, [true, true]]);
});

test('a full mailbox and a busy server are not, an unknown receiver is', async (t) => {
  const refuse = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode });
  const judged = async (options: SMTPServerOptions) => {
    const { at } = await startSmtp(t, options);
    return sendMail(`smtp://${at}`, mail(), outbound);
  };
  const open: SMTPServerOptions = { authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'] };
  const wrong = await judged({ ...open, onRcptTo: (_, __, done) => done(refuse(550, 'no such user')) });
  assert.deepEqual([wrong.kind, /no such user/.test((wrong as { message: string }).message)], ['never', true]);
  assert.equal((await judged({ ...open, onRcptTo: (_, __, done) => done(refuse(452, 'mailbox full')) })).kind, 'later');
  assert.equal((await judged({ ...open, onMailFrom: (_, __, done) => done(refuse(421, 'busy')) })).kind, 'later');
  assert.equal((await sendMail('smtp://127.0.0.1:1', mail(), outbound)).kind, 'later');
  assert.equal((await sendMail('http://127.0.0.1:1', mail(), outbound)).kind, 'never');
});

test('a certificate that nobody vouches for is not trusted with a password', async (t) => {
  let tried = 0;
  const { at } = await startSmtp(t, { onAuth: () => void (tried += 1) });
  const attempted = await sendMail(`smtp://me:secret@${at}`, mail(), outbound);
  assert.notEqual(attempted.kind, 'sent');
  assert.equal(tried, 0);
});

test('a server of mail in a private network is refused like any other address', async () => {
  await assert.rejects(sendMail('smtp://127.0.0.1:25', mail(), createOutbound()), { reason: 'address_not_allowed' });
});
