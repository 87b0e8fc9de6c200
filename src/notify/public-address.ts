import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { NotifyError } from './errors.ts';

/** Addresses that are not of the public internet: https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6- */
const NOT_PUBLIC = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
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
] as const)
  NOT_PUBLIC.addSubnet(net, bits, 'ipv4');
/** Of IPv6 only this is routed in public; 6to4, Teredo and the documentation's are in it and lead elsewhere. */
const PUBLIC_V6 = new BlockList();
PUBLIC_V6.addSubnet('2000::', 3, 'ipv6');
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  NOT_PUBLIC.addSubnet(net, bits, 'ipv6');

/** Whether an IP address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !NOT_PUBLIC.check(address, 'ipv4');
  return isIP(address) === 6 && PUBLIC_V6.check(address, 'ipv6') && !NOT_PUBLIC.check(address, 'ipv6');
}

/**
 * Refuses what cannot be a public address before any name is looked up.
 * @throws NotifyError
 */
export function mustBePublic(url: string): void {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' };
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'https:' && (isIP(host) === 0 || isPublicAddress(host))) return;
  throw new NotifyError(
    protocol === 'https:' ? PRIVATE : 'The address of a subscription does not begin with https://.',
    { hint: PRIVATE_HINT },
  );
}

const PRIVATE = 'The address of a subscription is one of a private network.';
/** What to do about it. */
export const PRIVATE_HINT =
  "Give one that is reached from outside, or set allowPrivate: true where it is the college's own.";

/** Looks up a name for a connection; one that leads to a private address is refused at the moment of connecting. */
export const publicLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
    if (error) return done(error, '', 0);
    if (found.length === 0 || !found.every(({ address }) => isPublicAddress(address)))
      return done(Object.assign(new Error('a private address'), { code: 'EPRIVATE' }), '', 0);
    if (options.all) return done(null, found);
    done(null, found[0]!.address, found[0]!.family);
  });
};
