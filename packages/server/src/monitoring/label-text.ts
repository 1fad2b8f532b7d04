/** Labels as they are counted: text as it is, all else as JSON. */
export const labelText = (label: unknown): string => (typeof label === 'string' ? label : JSON.stringify(label));
