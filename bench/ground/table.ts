/** Rows under a head, columns as wide as they need; the first to the left, the others to the right. */
export const printTable = (head: readonly string[], rows: readonly (readonly string[])[]): void => {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('   ');
  console.log([line(head), widths.map((width) => '─'.repeat(width)).join('   '), ...rows.map(line)].join('\n'));
};

/** Rows that are printed as they come, under heads as wide as their column. */
export const startTable = (head: readonly string[]): ((row: readonly string[]) => void) => {
  const widths = head.map((title) => title.length);
  const print = (cells: readonly string[]): void =>
    console.log(cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('   '));
  print(head.map((title) => title.trim()));
  print(widths.map((width) => '─'.repeat(width)));
  return print;
};

/** Three significant digits, and no more than are there. */
export const figure = (value: number): string =>
  !Number.isFinite(value) ? '–' : Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
