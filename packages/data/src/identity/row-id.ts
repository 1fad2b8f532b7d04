/** 32 digits, and `.n` for the n-th equal one after the first. */
export const isRowId = (text: string): boolean => /^[0-9a-f]{32}(\.[1-9]\d*)?$/.test(text);
/** Equal for equal keys. */
export const keyPart = (id: string): string => id.slice(0, 32);
