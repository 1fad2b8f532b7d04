/** RFC 4180: a field is quoted where it has to be. */
export const csvLine = (fields: readonly string[]): string => `${fields.map(field).join(',')}\r\n`;
const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
