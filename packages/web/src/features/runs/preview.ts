/** How a file is shown, by its name; what is in it is looked at once it is there. */
export type PreviewKind = 'image' | 'table' | 'json' | 'html' | 'pdf' | 'text' | 'none';

const kinds: Readonly<Record<Exclude<PreviewKind, 'none'>, readonly string[]>> = {
  image: ['png', 'jpg', 'jpeg', 'gif', 'webp', 'svg', 'avif', 'bmp'],
  table: ['csv', 'tsv'],
  json: ['json', 'ipynb'],
  html: ['html', 'htm'],
  pdf: ['pdf'],
  text: 'txt md log yaml yml py ts js toml cfg ini xml sh sql jsonl r java css'.split(' '),
};

export const previewKindOf = (path: string): PreviewKind => {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  // `MLmodel`, `Dockerfile`, `LICENSE`: what has no ending is text, or turns out not to be.
  if (!name.includes('.')) return 'text';
  const ending = name.slice(name.lastIndexOf('.') + 1);
  return (Object.keys(kinds) as (keyof typeof kinds)[]).find((kind) => kinds[kind].includes(ending)) ?? 'none';
};

const magic: readonly (readonly [media: string, at: number, bytes: readonly number[]])[] = [
  ['image/png', 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', 0, [0xff, 0xd8, 0xff]],
  ['image/gif', 0, [0x47, 0x49, 0x46, 0x38]],
  ['image/bmp', 0, [0x42, 0x4d]],
  ['image/webp', 8, [0x57, 0x45, 0x42, 0x50]],
  ['image/avif', 4, [0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69, 0x66]],
];

/** What the bytes say that they are, whatever the name says; undefined for what is no image. */
export const imageMediaOf = (bytes: Uint8Array): string | undefined => {
  const found = magic.find(([, at, signs]) => signs.every((sign, i) => bytes[at + i] === sign));
  if (found) return found[0];
  // In an image element an SVG runs no script and fetches nothing.
  const start = textOf(bytes.subarray(0, 1024))?.trimStart() ?? '';
  return /^(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)*<svg[\s>]/.test(start) ? 'image/svg+xml' : undefined;
};

/** Undefined where it is none: a NUL, or bytes that are not UTF-8. The end may be cut anywhere. */
export const textOf = (bytes: Uint8Array): string | undefined => {
  if (bytes.includes(0)) return undefined;
  const text = new TextDecoder('utf-8').decode(bytes, { stream: true });
  return text.includes('\uFFFD') ? undefined : text;
};

/** As RFC 4180 has it, and lenient: a quote that never closes takes the rest. */
export const tableOf = (text: string, separator: ',' | '\t', rows: number): string[][] => {
  const table: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  const endRow = () => {
    table.push([...row, cell]);
    row = [];
    cell = '';
  };
  for (let i = 0; i < text.length && table.length < rows; i++) {
    const sign = text[i]!;
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (text[i + 1] === '"') cell += text[++i];
      else isQuoted = false;
    } else if (sign === '"' && cell === '') isQuoted = true;
    else if (sign === separator) {
      row.push(cell);
      cell = '';
    } else if (sign === '\n') endRow();
    else if (sign !== '\r') cell += sign;
  }
  if (table.length < rows && (cell !== '' || row.length > 0)) endRow();
  return table;
};

/** Laid out for reading; as it is where it is no JSON, or not all of it. */
export const jsonText = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
};
