/**
 * The origin under which a browser sees us: what the proxy in front says it was asked for, else the `Host` of the
 * request. Callers can send any of these headers, so nothing may be granted by them alone.
 */
export function originOf(headers: Pick<Headers, 'get'>, fallback: string): string {
  const first = (name: string) => headers.get(name)?.split(',')[0]?.trim() || undefined;
  const host = first('x-forwarded-host') ?? first('host');
  const protocol = first('x-forwarded-proto') ?? new URL(fallback).protocol.replace(':', '');
  if (host === undefined || !/^https?$/.test(protocol)) return fallback;
  const candidate = `${protocol}://${host.toLowerCase()}`;
  if (!URL.canParse(candidate)) return fallback;
  const url = new URL(candidate);
  const isPlain = url.pathname === '/' && !url.username && !url.password && !url.search;
  return isPlain && !url.hash ? url.origin : fallback;
}
