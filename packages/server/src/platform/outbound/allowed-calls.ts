/** `host` or `host:port`, as `allowCalls` lists them; an IPv6 address with a port stands in brackets. */
export interface AllowedCall {
  readonly host: string;
  readonly port: number | undefined;
}

/** Throws a sentence about what is wrong. */
export const parseAllowedCall = (text: string): AllowedCall => {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]@]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? (/^[0-9a-fA-F:.]+$/.test(text) && text.includes(':') ? text : undefined);
  if (host === undefined || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535)
    throw new RangeError(`must list hosts such as hooks.intern or 10.0.0.7:8080, not ${JSON.stringify(text)}`);
  return { host: plainHost(host), port: port === undefined ? undefined : Number(port) };
};

/** As hosts are compared: small letters, no brackets, no dot at the end. */
export const plainHost = (host: string): string =>
  host
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();

export const isAllowed = (allowed: readonly AllowedCall[], host: string, port: number): boolean =>
  allowed.some((call) => call.host === plainHost(host) && (call.port === undefined || call.port === port));
