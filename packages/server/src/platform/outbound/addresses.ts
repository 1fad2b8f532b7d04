import { BlockList, isIPv6 } from 'node:net';

/** Addresses that lead back into this machine or its network, to a cloud's metadata, or nowhere (IANA's special-purpose registries). */
const inner: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Link-local, and with 169.254.169.254 the metadata of most clouds.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
const blocked = new BlockList();
for (const [network, prefix] of inner) blocked.addSubnet(network, prefix, 'ipv4');

/** Of IPv6 only what is handed out for unicast is let through, less what stands for an IPv4 address or is set aside in it. */
const unicast = new BlockList();
unicast.addSubnet('2000::', 3, 'ipv6');
const setAside: readonly (readonly [network: string, prefix: number])[] = [
  // Teredo, benchmarks, ORCHID, documentation.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4, which carries an IPv4 address.
  ['2002::', 16],
  ['3fff::', 20],
];
for (const [network, prefix] of setAside) blocked.addSubnet(network, prefix, 'ipv6');

/** Whether an address is somebody's on the internet, and not ours or our neighbour's. */
export const isPublic = (address: string): boolean => {
  const bare = address.replace(/%.*$/, '');
  if (!isIPv6(bare)) return !blocked.check(bare, 'ipv4');
  return unicast.check(bare, 'ipv6') && !blocked.check(bare, 'ipv6');
};
