export interface Log {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

const describe = (value: unknown): unknown =>
  value instanceof Error
    ? { name: value.name, message: value.message, stack: value.stack, ...(value.cause !== undefined && { cause: describe(value.cause) }) }
    : value;

/** One line of JSON for each entry. `mask` takes secrets out of the finished line, wherever they came from. */
export const createLog = (write: (line: string) => void, mask: (text: string) => string = (text) => text): Log => {
  const entry =
    (level: string) =>
    (message: string, facts: Readonly<Record<string, unknown>> = {}) => {
      const described = Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, describe(value)]));
      write(`${mask(JSON.stringify({ time: new Date().toISOString(), level, message, ...described }))}\n`);
    };
  return { info: entry('info'), warn: entry('warn'), error: entry('error') };
};

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };
