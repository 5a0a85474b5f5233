import { DomainError } from '../src/domain/errors.js';
import { parseInstant, type Instant } from '../src/domain/instant.js';
import type { OcpiReply } from './envelope.js';

/** OCPI 2.2.1 §4.1.4 Pagination: `updatedFrom` inclusive, `updatedTo` exclusive. */
export interface PageQuery {
  readonly offset: number;
  readonly limit: number;
  readonly updatedFrom: Instant | undefined;
  readonly updatedTo: Instant | undefined;
}

export interface PageRules {
  /** The most objects in one answer, whatever the caller asks for. */
  readonly pageLimit: number;
  /** GET sessions has no default for it (SUBTLE 34). */
  readonly dateFromRequired?: boolean;
}

/** @throws DomainError `invalid-input` for a parameter that can't be read, or a required one that is missing */
export function pageQueryOf(query: URLSearchParams, rules: PageRules): PageQuery {
  const updatedFrom = dateIn(query, 'date_from');
  if (rules.dateFromRequired && updatedFrom === undefined) throw invalid('date_from is required');
  const limit = integerIn(query, 'limit', 1) ?? rules.pageLimit;
  return {
    offset: integerIn(query, 'offset', 0) ?? 0,
    limit: Math.min(limit, rules.pageLimit),
    updatedFrom,
    updatedTo: dateIn(query, 'date_to'),
  };
}

function integerIn(query: URLSearchParams, name: string, min: number): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (!/^\d{1,15}$/.test(text) || value < min) throw invalid(`${name} must be an integer of at least ${min}`);
  return value;
}

function dateIn(query: URLSearchParams, name: string): Instant | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  // a '+' that wasn't escaped arrives as a space
  const at = parseInstant(text.replace(/ (?=\d{2}:?\d{2}$)/, '+'));
  if (at === undefined) throw invalid(`${name} is not a date and time of RFC 3339`);
  return at;
}

const invalid = (message: string): DomainError => new DomainError('invalid-input', message);

export interface PageContent {
  readonly data: readonly unknown[];
  /** Matches that this caller may see, without offset and limit (SUBTLE 32). */
  readonly total: number;
}

/** The reply with a page: Link to the next one with all filters, but not on the last (SUBTLE 31). */
export function pageReply({ data, total }: PageContent, page: PageQuery, rules: PageRules, listUrl: string): OcpiReply {
  const next = page.offset + page.limit;
  return {
    data,
    headers: {
      'X-Total-Count': String(total),
      'X-Limit': String(rules.pageLimit),
      ...(next < total && { Link: `<${urlOfPage(listUrl, { ...page, offset: next })}>; rel="next"` }),
    },
  };
}

function urlOfPage(listUrl: string, page: PageQuery): string {
  const query = new URLSearchParams();
  if (page.updatedFrom) query.set('date_from', page.updatedFrom);
  if (page.updatedTo) query.set('date_to', page.updatedTo);
  query.set('offset', String(page.offset));
  query.set('limit', String(page.limit));
  return `${listUrl}?${query.toString()}`;
}

/** The URL of `rel="next"` in a Link header (RFC 8288), resolved against the page's own URL. */
export function nextLink(link: string | undefined, pageUrl: string): string | undefined {
  for (const match of (link ?? '').matchAll(/<([^>]*)>((?:\s*;\s*[\w*]+\s*=\s*(?:"[^"]*"|[^\s,;"]+))*)/g)) {
    const [, target = '', parameters = ''] = match;
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s,;"]+))/i.exec(parameters);
    const names = (relations?.[1] ?? relations?.[2] ?? '').toLowerCase().split(/\s+/);
    if (names.includes('next') && URL.canParse(target, pageUrl)) return new URL(target, pageUrl).href;
  }
  return undefined;
}
