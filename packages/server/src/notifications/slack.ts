import type { AlertNews } from '@boucle/contract';
import { headline } from './headline.ts';

/** Slack reads these three, and nothing else, as more than text. */
const plain = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

/** A message of an incoming webhook: blocks, and a text for where blocks are not shown. */
export const slackBody = (news: AlertNews, { linkTo, hasLinks }: { linkTo: (path: string) => string; hasLinks: boolean }) => {
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text: cut(text, 3000) } });
  const labels = Object.entries(news.labels).map(([name, value]) => `${name} ${value}`);
  const todo = news.actions.flatMap(({ label, command }) => (command === undefined ? [] : [`• ${plain(label)}: \`${plain(command)}\``]));
  const pages = [{ label: 'Evidence', path: news.path }, ...news.actions.filter(({ path }) => path !== undefined && path !== news.path)];
  return {
    text: cut(plain(`${headline(news)}: ${news.message}`), 3000),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(headline(news), 150) } },
      section(plain(news.message)),
      ...(news.advice === null ? [] : [section(`*What can be done*\n${plain(news.advice)}`)]),
      ...(todo.length === 0 ? [] : [section(todo.join('\n'))]),
      ...(hasLinks
        ? [
            {
              type: 'actions',
              elements: pages
                .slice(0, 5)
                .map(({ label, path = '' }) => ({ type: 'button', text: { type: 'plain_text', text: cut(label, 75) }, url: linkTo(path) })),
            },
          ]
        : []),
      { type: 'context', elements: [{ type: 'mrkdwn', text: cut(plain(labels.join(' · ')), 3000) }] },
    ],
  };
};
