import { Usage } from './options.ts';

/** Exports call the column of the sentiment differently; the comparison wants it as `sentiment`. */
const names = ['sentiment', 'airline_sentiment', 'label'];

export const asTweets = (csv: string): string => {
  const end = csv.indexOf('\n');
  const head = csv.slice(0, end).trimEnd().split(',');
  const found = head.findIndex((name) => names.includes(name));
  if (found < 0 || !head.includes('text') || !head.includes('tweet_id')) {
    throw new Usage(`The first line names the columns ${head.join(', ')}; there have to be tweet_id, text and sentiment`);
  }
  return [head.with(found, 'sentiment').join(','), csv.slice(end + 1)].join('\n');
};
