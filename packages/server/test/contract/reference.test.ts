import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { errorCodes, errorsOf, everywhere } from '@boucle/contract';
import { routes } from './per-route.ts';

/** The cells of each row of a page's tables, without their backticks. */
const rowsOf = async (page: string): Promise<string[][]> => {
  const text = await readFile(path.join(import.meta.dirname, '../../../../docs/reference', page), 'utf8');
  return [...text.matchAll(/^\| (`.+) \|$/gm)].map(([, row]) => row!.split(' | ').map((cell) => cell.replaceAll('`', '')));
};

test('every error code is in the docs with its numbers, and the reverse', async () => {
  const documented = (await rowsOf('errors.md')).filter(([, status]) => /^\d+$/.test(status!));
  assert.deepEqual(
    documented,
    Object.entries(errorCodes).map(([code, { status, exit, meaning }]) => [code, String(status), String(exit), meaning]),
  );
});

test('every route is in the docs with its permission and its errors, and the reverse', async () => {
  const documented = (await rowsOf('api.md')).map(([name, address, , permission, errors]) =>
    [name, address!.replace(/ \(\w+\)$/, ''), permission, errors].join(' '),
  );
  const declared = routes.map(([name, route]) => {
    const errors = errorsOf(route).filter((code) => !everywhere.includes(code));
    return [name, route.method, route.path, route.permission, errors.join(', ') || '–'].join(' ');
  });
  assert.deepEqual(documented.sort(), declared.sort());
});

test('every reason has one line in the docs, and says who gives it', async () => {
  const reasons = (await rowsOf('errors.md')).filter((cells) => cells.length === 2);
  assert.ok(reasons.length > 100);
  assert.equal(new Set(reasons.map(([reason]) => reason)).size, reasons.length);
  for (const [reason, areas] of reasons) assert.match(`${reason} ${areas}`, /^[a-z][a-z0-9_]+ [a-z/]+(, [a-z/]+)*$/);
});
