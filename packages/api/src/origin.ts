/**
 * Was this request sent by a page of another site, with the customer's cookies? Browsers set `Origin` on every request
 * that could do harm, and newer ones say in `Sec-Fetch-Site` how near the page is, where there is no `Origin`, too; no page
 * can change these or the hosts that they are compared with. A bearer is no cookie: whoever sends it holds it. Other
 * credentials of that header are none of ours, and browsers may add them by themselves.
 */
export function isForeign(request: Request): boolean {
  const { headers } = request;
  if (/^bearer /i.test(headers.get('authorization') ?? '')) return false;
  const site = headers.get('sec-fetch-site');
  // `none`: the customer's own doing, such as a bookmark.
  if (site !== null && site !== 'same-origin' && site !== 'none') return true;
  const origin = headers.get('origin');
  if (origin === null) return false;
  // Proxies may have changed the address and kept these.
  const forwarded = headers.get('x-forwarded-host')?.split(',')[0]?.trim();
  const own = [new URL(request.url).host, headers.get('host'), forwarded];
  return !URL.canParse(origin) || !own.includes(new URL(origin).host);
}
