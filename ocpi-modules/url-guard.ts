import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { DomainError } from '../src/domain/errors.js';
import type { Partner } from '../src/domain/partner.js';

/**
 * Keeps URLs that partners give from reaching into our own network (design.md, Security): the address that is checked
 * is the one that is connected to, as the check sits in the lookup of the connection itself.
 */
export interface UrlPolicy {
  /** Demo and tests: permits http and private, loopback and link-local addresses. */
  readonly allowPrivateNetworks: boolean;
}

const notPublic = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  notPublic.addSubnet(net, prefix, 'ipv4');
}
// an IPv4-mapped address is judged by the IPv4 rules above; a rule for ::ffff:0:0/96 would match all of IPv4
for (const [net, prefix] of [
  ['::', 96], // unspecified, loopback, IPv4-compatible
  ['64:ff9b::', 96], // NAT64 and 6to4 hide an IPv4 address
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  notPublic.addSubnet(net, prefix, 'ipv6');
}

const isPublic = (address: string): boolean => !notPublic.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** @throws DomainError `invalid-input` for a URL that may not be called */
export function checkUrl(text: string, policy: UrlPolicy): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' && !(policy.allowPrivateNetworks && url?.protocol === 'http:')) {
    // without its path, which may hold a token uid
    throw new DomainError(
      'invalid-input',
      `not an https URL: ${url ? `${url.protocol}//${url.host}` : text.slice(0, 50)}`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new DomainError('invalid-input', `a URL with a user name or password: ${url.host}`);
  }
  if (!policy.allowPrivateNetworks && !mayBePublic(url.hostname)) {
    throw new DomainError('invalid-input', `a private or loopback address: ${url.host}`);
  }
  return url;
}

function mayBePublic(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) !== 0) return isPublic(host);
  return host !== 'localhost' && !host.endsWith('.localhost');
}

/** The code of an error of the lookup below. */
const PRIVATE_ADDRESS = 'EPRIVATEADDRESS';

const publicLookup: LookupFunction = (hostname, options, callback) => {
  dnsLookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) {
      callback(error, '');
      return;
    }
    const addresses = found.filter(({ address }) => isPublic(address));
    const [first] = addresses;
    if (!first) {
      callback(privateAddress(hostname), '');
      return;
    }
    if (options.all) {
      callback(null, addresses satisfies LookupAddress[]);
      return;
    }
    callback(null, first.address, first.family);
  });
};

const privateAddress = (hostname: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${hostname} has no public address`), { code: PRIVATE_ADDRESS });

/** Agents whose connections go to public addresses only, unless the policy permits private ones. */
export function guardedAgents(policy: UrlPolicy): { httpAgent: HttpAgent; httpsAgent: HttpsAgent } {
  const options = { keepAlive: true, ...(policy.allowPrivateNetworks ? {} : { lookup: publicLookup }) };
  return { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent(options) };
}

/** Is the URL on one of the hosts that the partner itself told us of? Our token is shown nowhere else. */
export function isPartnersHost(partner: Partner, url: URL): boolean {
  const connection = partner.connection;
  if (!connection) return false;
  return [connection.versionsUrl, ...connection.endpoints.map((endpoint) => endpoint.url)].some(
    (known) => URL.canParse(known) && new URL(known).hostname === url.hostname,
  );
}
