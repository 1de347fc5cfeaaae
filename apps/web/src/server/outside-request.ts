import { webEnv } from './env.ts';
import { originOf } from './origin.ts';

/**
 * The request as its sender addressed it. Next's own `request.url` carries the address that the server listens on,
 * which links in answers must not show.
 */
export function outsideRequest(request: Request): Request {
  const { origin, pathname, search } = new URL(request.url);
  const outside = webEnv().publicUrl ?? originOf(request.headers, origin);
  return new Request(`${outside}${pathname}${search}`, request);
}
