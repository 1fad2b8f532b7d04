import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageMediaOf, jsonText, previewKindOf, tableOf, textOf } from './preview.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('a name says how a file is shown', () => {
  const kinds = ['a/plot.PNG', 'rows.csv', 'x.json', 'r.html', 'p.pdf', 'model/MLmodel', 'notes.md', 'data.parquet', 'a.b/c'].map(
    previewKindOf,
  );
  assert.deepEqual(kinds, ['image', 'table', 'json', 'html', 'pdf', 'text', 'text', 'none', 'text']);
});

test('an image is one by its bytes, not by its name', () => {
  assert.equal(imageMediaOf(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0])), 'image/png');
  assert.equal(imageMediaOf(bytes('<?xml version="1.0"?>\n<!-- by hand --><svg xmlns="x"/>')), 'image/svg+xml');
  assert.equal(imageMediaOf(bytes('<html><script>alert(1)</script><svg>')), undefined);
  assert.equal(imageMediaOf(bytes('')), undefined);
});

test('text is UTF-8 without NUL, and may be cut within a sign', () => {
  assert.equal(textOf(bytes('héé').subarray(0, 4)), 'hé');
  assert.equal(textOf(new Uint8Array([0x61, 0])), undefined);
  assert.equal(textOf(new Uint8Array([0xff, 0xfe, 0x61])), undefined);
});

test('a table has its quotes, separators and line ends', () => {
  assert.deepEqual(tableOf('a,"b ""c"", d"\r\n1,\n', ',', 10), [
    ['a', 'b "c", d'],
    ['1', ''],
  ]);
  assert.deepEqual(tableOf('a\tb\n1\t2\n3\t4', '\t', 2), [
    ['a', 'b'],
    ['1', '2'],
  ]);
  assert.deepEqual(tableOf('"never closed\n1', ',', 9), [['never closed\n1']]);
});

test('what is no JSON is shown as it is', () => {
  assert.equal(jsonText('{"a":1}'), '{\n  "a": 1\n}');
  assert.equal(jsonText('{"a":'), '{"a":');
});
