/** What a person looks for first in the log of a step that failed. */
const telling = /\b(?:[A-Za-z.]*[a-z.](?:Error|Exception)|Error|ERROR|error|Exception|FATAL|fatal|panic|Traceback)\b/;

/** The place of the first line that tells of an error; undefined where none does. */
export const firstError = (lines: readonly string[]): number | undefined => {
  const at = lines.findIndex((line) => telling.test(line));
  return at === -1 ? undefined : at;
};

const shownCharacters = 2000;
// eslint-disable-next-line no-control-regex
const escapes = /\u001b\[[0-9;]*[A-Za-z]/g;
/** Without colours, which are not ours to show, and without the end of what no screen holds. */
export const linesOf = (text: string): string[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => {
    const plain = line.replaceAll(escapes, '').replace(/\r$/, '');
    return plain.length > shownCharacters ? `${plain.slice(0, shownCharacters)}…` : plain;
  });
};
