import { createHash } from 'node:crypto';
import { type Topic, airlines, fill, strikeTopics, topics } from './words.ts';

export interface Tweet {
  readonly tweet_id: string;
  readonly created: string;
  readonly airline: string;
  readonly text: string;
  readonly sentiment: 'negative' | 'neutral' | 'positive';
}

/** Counted numbers from a hash: the same seed gives the same tweets on every machine and with every release. */
const numbersFrom = (seed: number): (() => number) => {
  let counter = 0;
  let pool = Buffer.alloc(0);
  return () => {
    if (pool.length < 4) pool = createHash('sha256').update(`tweets ${seed} ${counter++}`).digest();
    const number = pool.readUInt32BE(0) / 2 ** 32;
    pool = pool.subarray(4);
    return number;
  };
};

type Random = () => number;
const pickWith =
  (random: Random) =>
  <T>(from: readonly T[]): T =>
    from[Math.floor(random() * from.length)]!;
type Pick = ReturnType<typeof pickWith>;

type Sentences = Readonly<Record<Tweet['sentiment'], readonly ((topic: Topic, pick: Pick) => string)[]>>;
const sentences: Sentences = {
  negative: [
    ({ things, bad }, pick) => `my ${pick(things)} ${pick(bad)}`,
    ({ things, bad }, pick) =>
      `${pick(['seriously', 'unbelievable', 'so', 'again'])}, the ${pick(things)} ${pick(bad)}. ${pick(['Never again', 'Done with you', 'Do something', 'Fix this', 'Worst day'])}`,
    // Negation: good words, turned.
    ({ things, good }, pick) => `the ${pick(things)} was not what you promised, nothing like "${pick(good)}"`,
    ({ good }, pick) => `would be nice if it ${pick(good)} for once, it never does`,
    // Sarcasm: good words, meant badly.
    ({ things, bad }, pick) =>
      `${pick(['oh great', 'wonderful', 'thanks so much', 'lovely start', 'nice job'])}, the ${pick(things)} ${pick(bad)} ${pick(['#sarcasm', '...', 'well done', '👏', 'bravo'])}`,
  ],
  neutral: [
    ({ ask }, pick) => `${pick(ask)}?`,
    ({ ask }, pick) => `${pick(['hi', 'hello', 'quick question', 'asking for a friend'])}, ${pick(ask)}`,
    ({ things }, pick) =>
      `${pick(['booked', 'looking at', 'reading about', 'watching'])} the ${pick(things)} ${pick(['for May', 'this week', 'for the summer', 'again'])}`,
  ],
  positive: [
    ({ things, good }, pick) => `the ${pick(things)} ${pick(good)}, ${pick(['thank you', 'thanks', 'great work', 'well done', 'love it'])}`,
    ({ good }, pick) => `${pick(['wow', 'finally', 'honestly', 'credit where due'])}: ${pick(good)}`,
    // Negation: bad words, turned.
    ({ things, bad }, pick) =>
      `was afraid the ${pick(things)} ${pick(bad)}, but no problem at all, ${pick(['good job', 'happy', 'smooth trip'])}`,
  ],
};

/** In a hurry, and with less to tell a complaint by. */
const hurried: Sentences = {
  negative: [
    ({ things, bad }, pick) => `the ${pick(things)} ${pick(bad)}`,
    ({ things, bad }, pick) => `${pick(['day two', 'day three', 'update', 'still here', 'so'])}: the ${pick(things)} ${pick(bad)}`,
    ({ things, good, bad }, pick) => `they wrote "${pick(good)}". My ${pick(things)} ${pick(bad)}`,
  ],
  neutral: [
    ({ ask }, pick) => `${pick(['update please', 'anyone know', 'day two'])}: ${pick(ask)}`,
    ({ things }, pick) => `the ${pick(things)} ${pick(['is in the news', 'goes on until Friday', 'opens at six', 'moves to pier B'])}`,
  ],
  positive: [
    ({ things, good }, pick) => `the ${pick(things)} ${pick(good)}`,
    ({ things, good }, pick) => `${pick(['day two', 'update', 'still here'])}: the ${pick(things)} ${pick(good)}`,
  ],
};

/** A slip of the fingers: a letter doubled, dropped, or swapped with its neighbour. */
const withTypo = (text: string, random: Random): string => {
  const at = 1 + Math.floor(random() * Math.max(1, text.length - 2));
  const kind = Math.floor(random() * 3);
  if (kind === 0) return text.slice(0, at) + text[at] + text.slice(at);
  if (kind === 1) return text.slice(0, at) + text.slice(at + 1);
  return text.slice(0, at - 1) + text[at] + text[at - 1] + text.slice(at + 1);
};

/** What people write about, and how often they complain. */
export const eras = {
  calm: {
    topics,
    sentences,
    moods: ['negative', 'negative', 'negative', 'negative', 'negative', 'neutral', 'neutral', 'positive', 'positive'],
  },
  /** Ground staff walks out: new topics and words beside the old ones, and more complaints. */
  strike: {
    sentences: hurried,
    topics: [...topics, ...strikeTopics, ...strikeTopics, ...strikeTopics, ...strikeTopics],
    moods: ['negative', 'negative', 'negative', 'negative', 'negative', 'negative', 'negative', 'neutral', 'neutral', 'positive'],
  },
} as const satisfies Record<string, { topics: readonly Topic[]; sentences: Sentences; moods: readonly Tweet['sentiment'][] }>;

interface Made {
  readonly seed: number;
  readonly count: number;
  readonly from?: string;
  readonly era?: keyof typeof eras;
}

/**
 * Tweets to airlines, made by a grammar: topics, negation, sarcasm, typos, mentions, links, shouting. About one row in a
 * hundred repeats an earlier one under the same id, as real exports do, and one in thirty carries a label that a hasty reader gave.
 */
export function* makeTweets({ seed, count, from = '2026-03-01T06:00:00Z', era = 'calm' }: Made): Generator<Tweet> {
  const random = numbersFrom(seed);
  const pick = pickWith(random);
  const { topics: spokenOf, sentences: frames, moods } = eras[era];
  const before: Tweet[] = [];
  let at = Date.parse(from);
  for (let i = 0; i < count; i++) {
    at += Math.floor(random() * 90_000);
    if (before.length > 20 && random() < 0.01) {
      yield pick(before);
      continue;
    }
    const meant = pick<Tweet['sentiment']>(moods);
    const airline = pick(airlines);
    let text = fill(pick(frames[meant])(pick<Topic>(spokenOf), pick), pick);
    if (random() < 0.25) text = withTypo(text, random);
    if (random() < 0.08) text = text.toUpperCase();
    if (random() < 0.7) text = random() < 0.8 ? `@${airline} ${text}` : `${text} @${airline}`;
    if (random() < 0.1) text = `${text} http://t.example/${Math.floor(random() * 1e6).toString(36)}`;
    if (random() < 0.05) text = `${text}\n${pick(['Anyone?', 'Really.', 'Please, help', '"Sorry" is not enough'])}`;
    const tweet: Tweet = {
      tweet_id: String(570_000_000_000_000_000n + BigInt(i) * 1_000_003n),
      created: new Date(at).toISOString(),
      airline,
      text,
      sentiment: random() < 1 / 30 ? pick(['negative', 'neutral', 'positive'] as const) : meant,
    };
    before.push(tweet);
    if (before.length > 500) before.shift();
    yield tweet;
  }
}

const quoted = (value: string): string => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
const columns = ['tweet_id', 'created', 'airline', 'text', 'sentiment'] as const;

export const toCsv = (tweets: Iterable<Tweet>): string =>
  [columns.join(','), ...[...tweets].map((tweet) => columns.map((column) => quoted(tweet[column])).join(','))].join('\n') + '\n';
