/**
 * Was this request sent by a page of another site, with the customer's cookies? Browsers set `Origin` on every request
 * that could do harm, and no page can change it or the hosts it is compared with. Credentials in a header are no
 * cookies: whoever sends them holds them.
 */
export function isForeign(request: Request): boolean {
  const { headers } = request;
  const origin = headers.get('origin');
  if (origin === null || headers.has('authorization')) return false;
  // Proxies may have changed the address and kept these.
  const forwarded = headers.get('x-forwarded-host')?.split(',')[0]?.trim();
  const own = [new URL(request.url).host, headers.get('host'), forwarded];
  return !URL.canParse(origin) || !own.includes(new URL(origin).host);
}
