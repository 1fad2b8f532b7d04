/** Shorter texts turn up by chance, and hiding them would hide what they are part of. */
export const shortestSecret = 4;
const shortestLine = 8;

/** The texts that a value may appear as. */
export const formsOf = (value: string): Set<string> => {
  const forms = new Set<string>();
  for (const text of [value, ...linesOf(value)]) {
    const json = JSON.stringify(text).slice(1, -1);
    const ascii = json.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
    const url = encodeURIComponent(text.toWellFormed());
    const query = new URLSearchParams({ '': text }).toString().slice(1);
    for (const form of [text, json, ascii, JSON.stringify(json).slice(1, -1), url, query, lowerHex(url), lowerHex(query)]) forms.add(form);
    for (const form of base64Of(Buffer.from(text))) forms.add(form).add(form.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return new Set([...forms].filter((form) => form.length >= shortestSecret));
};

/** Of a longer text, such as a private key, that a log shows line by line. */
const linesOf = (value: string): string[] => {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  return lines.length < 2 ? [] : lines.filter((line) => line.length >= shortestLine);
};

/** Alone and in the midst of other bytes, where it may begin at any of three places of a group: those digits that it alone decides. */
const base64Of = (bytes: Buffer): string[] =>
  [0, 1, 2].map((shift) => {
    const digits = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return digits.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });

const lowerHex = (url: string): string => url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
