import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { api, errorCodes, errorsOf, everywhere, walkRoutes } from '@boucle/contract';
import { explanations, untold } from '../interop/replay/explained.ts';
import { environmentNameOf, settings } from '../packages/server/src/platform/config/index.ts';
import { parse, reasonsOf } from './docs/reasons.ts';

/** Reference pages are functions of the code. With `--check` nothing is written, and a page that is stale fails. */
const root = path.join(import.meta.dirname, '..');
const folder = path.join(root, 'docs/reference');

const apiPage = (): string => {
  const routes = [...walkRoutes(api)];
  const tags = [...new Set(routes.map(([, route]) => route.tag))];
  const lines = [
    '# The API',
    '',
    `${routes.length} routes, from \`packages/contract\`; with their schemas at \`/openapi.json\`. Any can also answer ${everywhere.join(', ')}.`,
  ];
  for (const tag of tags) {
    lines.push('', `## ${tag}`, '', '| in the SDK | route | what it does | permission | errors |', '|---|---|---|---|---|');
    for (const [name, route] of routes.filter(([, r]) => r.tag === tag)) {
      const errors = errorsOf(route).filter((code) => !everywhere.includes(code));
      const kind = route.kind === 'json' ? '' : ` (${route.kind})`;
      lines.push(
        `| \`${name}\` | \`${route.method} ${route.path}\`${kind} | ${route.summary} | \`${route.permission}\` | ${errors.join(', ') || '–'} |`,
      );
    }
  }
  return lines.join('\n');
};

/** Every `reason` that the sources name, with the packages and modules that name it. */
const reasons = (): (readonly [reason: string, areas: readonly string[]])[] => {
  const files = globSync('packages/*/src/**/*.ts', { cwd: root, exclude: ['**/*.test.ts', '**/testing/**'] });
  const found = reasonsOf(files.map((file) => parse(file, readFileSync(path.join(root, file), 'utf8'))));
  return [...found]
    .map(([reason, named]) => [reason, [...new Set([...named].map(areaOf))].sort()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
};
const areaOf = (file: string): string => {
  const [, name, , module] = file.split('/');
  return name === 'server' && module ? `server/${module}` : name!;
};

const errorsPage = (): string =>
  [
    '# Errors',
    '',
    'Every refusal is `application/problem+json` (RFC 9457) with `code`, often `reason`, `details`, and the `requestId` that finds it in the log.',
    '',
    '| code | HTTP | exit status | meaning |',
    '|---|--:|--:|---|',
    ...Object.entries(errorCodes).map(([code, { status, exit, meaning }]) => `| \`${code}\` | ${status} | ${exit} | ${meaning} |`),
    '',
    '## Reasons',
    '',
    'A `reason` says more precisely what a program may act on.',
    '',
    '| reason | said by |',
    '|---|---|',
    ...reasons().map(([reason, areas]) => `| \`${reason}\` | ${areas.join(', ')} |`),
  ].join('\n');

const settingsPage = (): string =>
  [
    '# Settings',
    '',
    'From a file (`--config boucle.json`), the environment, and flags; the later wins. An unknown key is refused.',
    '',
    '| setting | environment | default | about |',
    '|---|---|---|---|',
    ...Object.entries(settings).map(
      ([name, { initial, about }]) =>
        `| \`${name}\` | \`${environmentNameOf(name)}\` | ${initial === undefined || typeof initial === 'object' ? '–' : `\`${initial}\``} | ${about} |`,
    ),
  ].join('\n');

const differencesPage = (): string =>
  [
    '# Where Boucle answers otherwise than MLflow',
    '',
    "MLflow's clients work with Boucle as they are. Random calls are said to both servers (`interop/replay`); what differs, and is meant, is here.",
    '',
    ...[...explanations, ...untold].map(({ what, why }) => `- **${what}.** ${why}`),
  ].join('\n');

const pages: Readonly<Record<string, string>> = {
  'api.md': apiPage(),
  'errors.md': errorsPage(),
  'settings.md': settingsPage(),
  '../mlflow-differences.md': differencesPage(),
};
const check = process.argv.includes('--check');
mkdirSync(folder, { recursive: true });
for (const [name, content] of Object.entries(pages)) {
  const file = path.join(folder, name);
  const text = `${content}\n`;
  if (check && (!existsSync(file) || readFileSync(file, 'utf8') !== text)) {
    console.error(`docs/reference/${name} is stale: npm run docs`);
    process.exitCode = 1;
  }
  if (!check) writeFileSync(file, text);
}
