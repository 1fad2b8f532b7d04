/** `rows:4f5c21ab…e1d2`: the kind, enough of the start to tell it from others, the end to be sure. */
export const shortDigest = (digest: string): string => {
  const [kind, hex] = digest.includes(':')
    ? [digest.slice(0, digest.indexOf(':') + 1), digest.slice(digest.indexOf(':') + 1)]
    : ['', digest];
  return `${kind}${shortId(hex)}`;
};

/** Ids made in the same minute begin alike, so the end stays in view. */
export const shortId = (id: string): string => (id.length <= 14 ? id : `${id.slice(0, 8)}…${id.slice(-4)}`);
