import type { AlertNews } from '@boucle/contract';
import { headline } from './headline.ts';

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[letter]!);

/** The same message as text and as HTML. */
export const mailBody = (news: AlertNews, { linkTo, hasLinks }: { linkTo: (path: string) => string; hasLinks: boolean }) => {
  const evidence = hasLinks ? linkTo(news.path) : `boucle alerts show ${news.alertId}`;
  const actions = news.actions.flatMap(({ label, command, path }) => {
    const what = command ?? (hasLinks && path !== undefined ? linkTo(path) : undefined);
    return what === undefined ? [] : [{ label, what, isLink: command === undefined }];
  });
  const labels = Object.entries(news.labels);
  const text = [
    news.message,
    ...(news.advice === null ? [] : ['', `What can be done: ${news.advice}`]),
    '',
    `Evidence: ${evidence}`,
    ...actions.map(({ label, what }) => `${label}: ${what}`),
    '',
    ...labels.map(([name, value]) => `${name}: ${value}`),
  ].join('\n');
  const shown = (what: string, isLink: boolean): string =>
    isLink ? `<a href="${escaped(what)}">${escaped(what)}</a>` : `<code>${escaped(what)}</code>`;
  const html = [
    `<h2>${escaped(headline(news))}</h2>`,
    `<p>${escaped(news.message)}</p>`,
    ...(news.advice === null ? [] : [`<p><b>What can be done:</b> ${escaped(news.advice)}</p>`]),
    '<ul>',
    `<li>Evidence: ${shown(evidence, hasLinks)}</li>`,
    ...actions.map(({ label, what, isLink }) => `<li>${escaped(label)}: ${shown(what, isLink)}</li>`),
    '</ul>',
    `<table>${labels.map(([name, value]) => `<tr><td>${escaped(name)}</td><td>${escaped(value)}</td></tr>`).join('')}</table>`,
  ].join('\n');
  return { subject: headline(news), text, html };
};
