import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMask, maskStream } from './mask.ts';

const masked = (values: Record<string, string>, text: string): string => createMask(Object.entries(values))(text, true).text;
const value = 'pä$$ "w/rd+\n&=?';
const hidden = '‹secret:DB›';

test('a value is hidden plain, as JSON, in a URL and in base64', () => {
  const json = JSON.stringify(value).slice(1, -1);
  const forms: Record<string, string> = {
    plain: value,
    json,
    'json in json': JSON.stringify(json).slice(1, -1),
    'json in ASCII': json.replaceAll('ä', '\\u00e4'),
    'part of a URL': encodeURIComponent(value),
    'small digits': encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase()),
    form: new URLSearchParams({ '': value }).toString().slice(1),
  };
  for (const [name, form] of Object.entries(forms))
    assert.equal(masked({ DB: value }, `before ${form} after`), `before ${hidden} after`, name);
});

test('base64 of a value is hidden wherever in the encoded text it stands', () => {
  for (const user of ['', 'a', 'ab', 'abc']) {
    for (const encoding of ['base64', 'base64url'] as const) {
      const text = masked({ DB: 'correct horse >>> ???' }, Buffer.from(`${user}correct horse >>> ???`).toString(encoding));
      assert.match(text, /‹secret:DB›.{0,4}$/, `${user} ${encoding}`);
    }
  }
});

test('the lines of a long value are hidden one by one', () => {
  const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----\n';
  assert.equal(masked({ KEY: key }, 'log: MIIEvQIBADANBg'), 'log: ‹secret:KEY›');
});

test('where values overlap or contain each other, no end of any shows', () => {
  assert.equal(masked({ A: 'abcd', B: 'abcdefgh' }, 'abcdefgh abcd abcdef'), '‹secret:B› ‹secret:A› ‹secret:A›ef');
  assert.equal(masked({ A: 'abcdef', B: 'defghijk' }, '-abcdefghijk-'), '-‹secret:B›-');
  assert.equal(masked({ A: 'aaaa' }, 'aaaaaa'), '‹secret:A›');
});

test('a stream is masked the same wherever it is cut', async () => {
  const values = { A: 'secret-ä', B: 'ret-älong', C: 'xyxy' };
  const words = fc.constantFrom('secret-ä', 'secret-', 'ret-älong', 'xy', 'y', 'ä', ' ', 'c2Vj', '\n');
  await fc.assert(
    fc.asyncProperty(
      fc.array(words, { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (parts, sizes) => {
        const bytes = Buffer.from(parts.join(''));
        const chunks: Buffer[] = [];
        for (let at = 0, i = 0; at < bytes.length; i += 1) {
          const size = sizes[i % sizes.length] ?? 1;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        const mask = createMask(Object.entries(values));
        const streamed = (await buffer(Readable.from(chunks).pipe(maskStream(() => mask)))).toString();
        assert.equal(streamed, mask(parts.join(''), true).text);
        for (const secret of Object.values(values)) assert.ok(!streamed.includes(secret));
      },
    ),
  );
});

test('a stream holds back no more than may begin a value', () => {
  const mask = createMask([['A', 'abcdefgh']]);
  assert.deepEqual(mask('hello abc', false), { text: 'hello ', pending: 'abc' });
  assert.deepEqual(mask('hello abx', false), { text: 'hello abx', pending: '' });
});

test('without values the text stays as it is', () => {
  assert.equal(masked({}, 'anything'), 'anything');
});
