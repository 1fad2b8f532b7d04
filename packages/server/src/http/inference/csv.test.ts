import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readCsv } from './csv.ts';

test('reads back whatever was written, quoted where it must be, with any line end', () => {
  const field = fc.string({ unit: fc.constantFrom('a', ' ', ',', '"', '\n', '\r', 'é', ';') });
  const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      rows,
      fc.record({ lineEnd: fc.constantFrom('\n', '\r\n', '\r'), quoteAll: fc.boolean(), endsOpen: fc.boolean() }),
      (table, { lineEnd, quoteAll, endsOpen }) => {
        const written = table.map((row) =>
          row.map((text) => (quoteAll || /[,"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(','),
        );
        assert.deepEqual(readCsv(`\uFEFF${written.join(lineEnd)}${endsOpen ? '' : lineEnd}`), table);
      },
    ),
  );
});

test('an unfinished quote and text behind one are refused', () => {
  assert.throws(() => readCsv('text\n"late'), { reason: 'bad_csv', message: 'Row 2 opens a quote that is never closed' });
  assert.throws(() => readCsv('text\n"late" again'), { reason: 'bad_csv' });
  assert.deepEqual(readCsv(''), []);
});
