import { writeFile } from 'node:fs/promises';
import { makeTweets, toCsv } from './tweets.ts';

/** Writes the made-up tweets that the demonstration learns from: node examples/sentiment/make-tweets.ts tweets.csv */
const [file = 'tweets.csv'] = process.argv.slice(2);
const tweets = [...makeTweets({ seed: 7, count: 6000 })];
await writeFile(file, toCsv(tweets));
console.log(`${tweets.length} made-up tweets are in ${file}`);
