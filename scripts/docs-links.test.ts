import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

/** Every relative link of every page leads to something that is there, and an anchor to a heading. */
const root = path.join(import.meta.dirname, '..');
const pages = globSync('**/*.md', { cwd: root, exclude: (name) => /(^|\/)(node_modules|\.venv|\.boucle|dist|\.git)(\/|$)/.test(name) });

/** What stands in fences and between backticks is no link. */
const proseOf = (page: string): string => page.replaceAll(/^(```+|~~~+)[^]*?^\1 *$/gm, '').replaceAll(/(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, '`');
const linksOf = (page: string): string[] =>
  [...proseOf(page).matchAll(/\]\((<[^>]*>|[^()\s]+)(?: "[^"]*")?\)/g)].map(([, link = '']) => link.replaceAll(/^<|>$/g, ''));

/** As GitHub names the anchors of headings; the second of a name has -1 behind it. */
const anchorsOf = (page: string): Set<string> => {
  const seen = new Map<string, number>();
  const prose = page.replaceAll(/^(```+|~~~+)[^]*?^\1 *$/gm, '');
  return new Set(
    [...prose.matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading = '']) => {
      const name = heading
        .replaceAll(/\]\([^)]*\)/g, '')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
        .replaceAll(' ', '-');
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      return before === 0 ? name : `${name}-${before}`;
    }),
  );
};

/** What is wrong with a link, if anything. */
const faultOf = (from: string, link: string): string | undefined => {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return undefined;
  const [place = '', anchor] = link.split('#');
  const target = place === '' ? from : path.join(path.dirname(from), decodeURIComponent(place));
  if (target.startsWith('..')) return 'leads out of the project';
  const file = path.join(root, target);
  if (!existsSync(file)) return 'leads nowhere';
  if (anchor === undefined || !file.endsWith('.md') || statSync(file).isDirectory()) return undefined;
  return anchorsOf(readFileSync(file, 'utf8')).has(decodeURIComponent(anchor)) ? undefined : 'names no heading';
};

test('links between pages lead somewhere', () => {
  assert.ok(pages.length > 20);
  const faults = pages.flatMap((page) =>
    linksOf(readFileSync(path.join(root, page), 'utf8')).flatMap((link) => {
      const fault = faultOf(page, link);
      return fault === undefined ? [] : [`${page}: ${link} ${fault}`];
    }),
  );
  assert.deepEqual(faults, []);
});

test('what looks like a link in code is none, and anchors are found as GitHub makes them', () => {
  assert.deepEqual(linksOf('`[a](b)` [c](d.md#e "title")\n```sh\n[f](g)\n```\n'), ['d.md#e']);
  assert.deepEqual([...anchorsOf("# What's *new*, in `it`?\n## Same\n## Same\n```\n# no\n```\n")], ['whats-new-in-it', 'same', 'same-1']);
});

test('every page of the documentation can be reached from its start page', () => {
  const reached = new Set<string>();
  const visit = (page: string): void => {
    if (reached.has(page) || !existsSync(path.join(root, page)) || !page.endsWith('.md')) return;
    reached.add(page);
    for (const link of linksOf(readFileSync(path.join(root, page), 'utf8')))
      if (!/^[a-z]+:/i.test(link)) visit(path.join(path.dirname(page), link.split('#')[0] || path.basename(page)));
  };
  visit('docs/index.md');
  assert.deepEqual(
    pages.filter((page) => page.startsWith('docs/') && !page.startsWith('docs/decisions/') && !reached.has(page)),
    [],
  );
});
