import { invalid } from '@boucle/contract';

/** RFC 4180: rows of fields, quoted where they hold commas, quotes or line ends. A byte order mark and a last line end are no content. */
export const readCsv = (text: string): string[][] => {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < source.length || row.length > 0) {
    const [field, end] = source[at] === '"' ? quotedField(source, at, rows.length + 1) : plainField(source, at);
    row.push(field);
    const after = source[end];
    at = end + (after === '\r' && source[end + 1] === '\n' ? 2 : 1);
    if (after === ',') continue;
    if (after !== undefined && after !== '\n' && after !== '\r')
      throw invalid(`Row ${rows.length + 1} has text behind a closing quote: double the quotes inside`, 'bad_csv');
    rows.push(row);
    row = [];
  }
  return rows;
};

const plainField = (source: string, start: number): [field: string, end: number] => {
  let end = start;
  while (end < source.length && !',\r\n'.includes(source[end]!)) end++;
  return [source.slice(start, end), end];
};

const quotedField = (source: string, start: number, row: number): [field: string, end: number] => {
  for (let end = source.indexOf('"', start + 1); end !== -1; end = source.indexOf('"', end + 2)) {
    if (source[end + 1] !== '"') return [source.slice(start + 1, end).replaceAll('""', '"'), end + 1];
  }
  throw invalid(`Row ${row} opens a quote that is never closed`, 'bad_csv');
};
